import { html } from './html.js';

/** Forms that are used by name: signs of the keys above the charts, and marks of trades. They differ in form, not in colour alone. */
export const signs = html`<svg width="0" height="0" aria-hidden="true" class="signs"><defs>
<g id="mark-entry"><path class="mark-in" d="M0 3L5.5 13H-5.5Z"/></g>
<g id="mark-exit"><path class="mark-out" d="M0-3L5.5-13H-5.5Z"/></g>
<g id="mark-entry-short"><path class="mark-in" d="M0-3L5.5-13H-5.5Z"/></g>
<g id="mark-exit-short"><path class="mark-out" d="M0 3L5.5 13H-5.5Z"/></g>
<g id="mark-stop"><path class="mark-out" d="M-4.5-4.5H4.5V4.5H-4.5Z"/></g>
<g id="mark-target"><path class="mark-out" d="M0-6L6 0L0 6L-6 0Z"/></g>
<g id="sign-entry"><path class="mark-in" d="M11 1L16.5 11H5.5Z"/></g>
<g id="sign-exit"><path class="mark-out" d="M11 11L16.5 1H5.5Z"/></g>
<g id="sign-stop"><path class="mark-out" d="M6.500 1.500H15.500V10.500H6.500Z"/></g>
<g id="sign-target"><path class="mark-out" d="M11 0L17 6L11 12L5 6Z"/></g>
<path id="sign-won" class="trade-won" d="M0 6H22"/>
<path id="sign-lost" class="trade-lost" d="M0 6H22"/>
<path id="sign-equity" class="line-equity" d="M0 6H22"/>
<path id="sign-hold" class="line-hold" d="M0 6H22"/>
<path id="sign-gain" class="bar-gain" d="M5 1H17V11H5Z"/>
<path id="sign-loss" class="bar-loss" d="M5 1H17V11H5Z"/>
<line id="sign-mean" class="mean" x1="11" x2="11" y1="0" y2="12"/>
<line id="sign-median" class="median" x1="11" x2="11" y1="0" y2="12"/>
<path id="sign-run1" class="run1" d="M0 6H22"/>
<path id="sign-run2" class="run2" d="M0 6H22"/>
<path id="sign-run3" class="run3" d="M0 6H22"/>
<path id="sign-run4" class="run4" d="M0 6H22"/>
<path id="sign-plot1" class="plot1" d="M0 6H22"/>
<path id="sign-plot2" class="plot2" d="M0 6H22"/>
<path id="sign-plot3" class="plot3" d="M0 6H22"/>
<path id="sign-plot4" class="plot4" d="M0 6H22"/>
<path id="sign-plot5" class="plot5" d="M0 6H22"/>
<path id="sign-plot6" class="plot6" d="M0 6H22"/>
<path id="sign-columns-plot1" class="columns-plot1" d="M3 11V6H7V11ZM9 11V1H13V11ZM15 11V4H19V11Z"/>
<path id="sign-columns-plot2" class="columns-plot2" d="M3 11V6H7V11ZM9 11V1H13V11ZM15 11V4H19V11Z"/>
<path id="sign-columns-plot3" class="columns-plot3" d="M3 11V6H7V11ZM9 11V1H13V11ZM15 11V4H19V11Z"/>
<path id="sign-columns-plot4" class="columns-plot4" d="M3 11V6H7V11ZM9 11V1H13V11ZM15 11V4H19V11Z"/>
<path id="sign-columns-plot5" class="columns-plot5" d="M3 11V6H7V11ZM9 11V1H13V11ZM15 11V4H19V11Z"/>
<path id="sign-columns-plot6" class="columns-plot6" d="M3 11V6H7V11ZM9 11V1H13V11ZM15 11V4H19V11Z"/>
</defs></svg>`;
