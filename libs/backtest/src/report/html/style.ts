/** Colours and letters of the dashboard. Light and on paper unless the reader's device is dark. */
export const style = `
:root{color-scheme:light;--canvas:#f4f6fa;--panel:#fff;--raised:#eef2f8;--line:#dce2ec;--edge:#8b98ac;--ink:#121926;--quiet:#526075;--accent:#1a5ccf;--up:#08734a;--down:#b91c2b;--warn:#865400;--notice:#fff2d4;--hold:#a34b00;--gain:26 92 207;--loss:217 95 2;--tint:.17;
--run1:#1a5ccf;--run2:#a34b00;--run3:#08734a;--run4:#6d35c9;--plot1:#6d35c9;--plot2:#0b7285;--plot3:#a6206a;--plot4:#7a5c00;--plot5:#4f6f00;--plot6:#3d4a5c;--shadow:0 1px 2px rgb(18 25 38/6%),0 6px 20px -12px rgb(18 25 38/14%)}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--canvas:#0a0d14;--panel:#10151f;--raised:#182030;--line:#222b3b;--edge:#3b4a63;--ink:#e9eef6;--quiet:#9ca9bd;--accent:#6ea8ff;--up:#3ddc97;--down:#ff8089;--warn:#f5b84b;--notice:#2b2211;--hold:#ffb454;--gain:110 168 255;--loss:255 150 60;--tint:.14;
--run1:#6ea8ff;--run2:#ffb454;--run3:#3ddc97;--run4:#c9a6ff;--plot1:#c9a6ff;--plot2:#4fd1e0;--plot3:#ff8ac4;--plot4:#e8c547;--plot5:#b4d455;--plot6:#c5cfdd;--shadow:0 1px 2px rgb(0 0 0/40%),0 8px 24px -12px rgb(0 0 0/50%)}}
*{box-sizing:border-box}
html{scroll-padding-block:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--canvas);color:var(--ink);font:.9375rem/1.45 Inter,"SF Pro Text","Segoe UI",system-ui,"Noto Sans","Open Sans",sans-serif;-webkit-font-smoothing:antialiased;font-variant-numeric:tabular-nums}
main{max-width:75rem;margin:0 auto;padding:1.5rem 1.25rem 3rem;display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}
h1{margin:0;font-size:1.75rem;letter-spacing:-.01em;line-height:1.2;overflow-wrap:anywhere}
h2{margin:.75rem 0 0;font-size:1.125rem}h3{margin:0;font-size:1rem}
a{color:var(--accent)}a:focus-visible,[tabindex]:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.eyebrow{margin:0 0 .25rem;color:var(--quiet);font-weight:600;font-size:.8125rem}
header.top{display:flex;flex-wrap:wrap;gap:.75rem 2rem;align-items:end;justify-content:space-between}
.facts{margin:.35rem 0 0;color:var(--quiet);overflow-wrap:anywhere}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;margin:.6rem 0 0;padding:0;list-style:none}
.chips li{padding:.15rem .6rem;border:1px solid var(--line);border-radius:1rem;background:var(--panel);font-size:.8125rem;overflow-wrap:anywhere}
.card{background:var(--panel);border:1px solid var(--line);border-radius:.875rem;box-shadow:var(--shadow);padding:1rem 1.125rem;min-width:0}
.keys{display:grid;grid-template-columns:repeat(8,minmax(0,1fr));padding:0;overflow:hidden;margin:0}
.keys>div{padding:.9rem .75rem .8rem;border-left:1px solid var(--line)}.keys>div:first-child{border-left:0}
.keys dt,.figures dt{color:var(--quiet);font-size:.8125rem}
.keys dt a,.figures dt a{color:inherit;text-decoration:none;border-bottom:1px dotted var(--edge)}
.keys dd{margin:.2rem 0 0;font-size:1.3125rem;font-weight:650;letter-spacing:-.01em;white-space:nowrap}
.keys .beside{display:block;margin-top:.1rem;font-size:.75rem;font-weight:400;letter-spacing:0;color:var(--quiet);white-space:normal}
.up{color:var(--up)}.down{color:var(--down)}.flat{color:var(--quiet)}
.warnings{display:grid;gap:.5rem;margin:0;padding:0;list-style:none}
.warnings li{padding:.7rem 1rem;border-radius:.75rem;background:var(--notice);border:1px solid color-mix(in srgb,var(--warn) 35%,transparent);overflow-wrap:anywhere}
.warnings b{color:var(--warn)}.warnings .next{display:block;color:var(--quiet)}
.columns{display:grid;gap:1rem;grid-template-columns:repeat(2,minmax(0,1fr))}
.figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:1rem 1.75rem}
.figures dl{margin:.4rem 0 0}
.figures dl>div{display:flex;justify-content:space-between;gap:.75rem;padding:.3rem 0;border-bottom:1px solid var(--line)}
.figures dl>div:last-child{border-bottom:0}.figures dd{margin:0;font-weight:600;text-align:right;font-size:.875rem}
.chart{margin:0}.chart+.chart{margin-top:1rem}
.chart figcaption{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .9rem;margin-bottom:.6rem}
.axes{margin:0;color:var(--quiet);font-size:.8125rem}
.key{display:flex;flex-wrap:wrap;gap:.1rem .9rem;margin:0 0 0 auto;padding:0;list-style:none;font-size:.8125rem;color:var(--quiet)}
.key li{display:flex;align-items:center;gap:.35rem}
.frame{display:flex;position:relative}.frame svg{display:block;overflow:visible}.frame .stretched{overflow:hidden}
.scale{flex:none}.plot{flex:1 1 0;min-width:0}
.frame .level-name{text-anchor:end}.frame text{fill:var(--quiet);font-size:12px;font-family:inherit}.scale text{text-anchor:end}.across text{text-anchor:middle}
[id^=sign-]{stroke-width:2;fill:none}
.grid line{stroke:var(--line);stroke-width:1}
.stretched path,.key path,.key line{vector-effect:non-scaling-stroke;fill:none;stroke-width:1.75;stroke-linejoin:round}
path.line-equity{stroke:var(--accent);stroke-width:2}path.fill-equity{fill:rgb(var(--gain)/10%);stroke:none}
path.line-hold{stroke:var(--hold);stroke-width:1.5;stroke-dasharray:6 3}
path.line-down{stroke:var(--down);stroke-width:1.5}path.fill-down{fill:color-mix(in srgb,var(--down) 16%,transparent);stroke:none}
path.line-price{stroke:var(--quiet);stroke-width:1.25}
.level{stroke:var(--edge);stroke-width:1;stroke-dasharray:2 4}
.frame .note{paint-order:stroke;stroke:var(--panel);stroke-width:3px;stroke-linejoin:round}
path.wick-up,path.candle-up{stroke:var(--up);stroke-width:1}path.candle-up{fill:var(--panel)}
path.wick-down,path.candle-down{stroke:var(--down);stroke-width:1}path.candle-down{fill:var(--down)}
path.trade-won{stroke:var(--accent);stroke-width:1.5}path.trade-lost{stroke:var(--hold);stroke-width:1.5;stroke-dasharray:4 3}
.mark-in{fill:var(--accent)}.mark-out{fill:var(--hold)}.mark-in,.mark-out{stroke:var(--panel);stroke-width:1}
path.bar-gain{fill:rgb(var(--gain));stroke:none}path.bar-loss{fill:rgb(var(--loss));stroke:none}
line.mean,line.median{stroke:var(--ink);stroke-width:1.5}line.median{stroke-dasharray:3 3}
path.run1{stroke:var(--run1)}path.run2{stroke:var(--run2);stroke-dasharray:8 3}path.run3{stroke:var(--run3);stroke-dasharray:2 3}path.run4{stroke:var(--run4);stroke-dasharray:9 3 2 3}
path.plot1{stroke:var(--plot1)}path.plot2{stroke:var(--plot2);stroke-dasharray:8 3}path.plot3{stroke:var(--plot3);stroke-dasharray:2 3}path.plot4{stroke:var(--plot4);stroke-dasharray:9 3 2 3}path.plot5{stroke:var(--plot5);stroke-dasharray:4 2}path.plot6{stroke:var(--plot6);stroke-dasharray:1 2}
path.columns-plot1{fill:var(--plot1)}path.band-plot1{fill:var(--plot1)}path.columns-plot2{fill:var(--plot2)}path.band-plot2{fill:var(--plot2)}path.columns-plot3{fill:var(--plot3)}path.band-plot3{fill:var(--plot3)}path.columns-plot4{fill:var(--plot4)}path.band-plot4{fill:var(--plot4)}path.columns-plot5{fill:var(--plot5)}path.band-plot5{fill:var(--plot5)}path.columns-plot6{fill:var(--plot6)}path.band-plot6{fill:var(--plot6)}path[class^=columns-]{stroke:none;fill-opacity:.55}path.band{stroke:none;fill-opacity:.08}
.run{margin:0;font-size:1rem;display:flex;align-items:center;gap:.5rem;overflow-wrap:anywhere}.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}td .best{color:var(--accent)}
.cross{stroke:var(--edge);stroke-width:1}
.readout{position:absolute;top:0;right:0;margin:0;padding:.2rem .55rem;border-radius:.5rem;background:var(--raised);border:1px solid var(--line);font-size:.8125rem;pointer-events:none}
.readout:empty{display:none}
.wide{overflow-x:auto;position:relative}
.long .wide{max-height:36rem;overflow:auto}.long thead th{position:sticky;top:0;background:var(--panel)}
table{width:100%;border-collapse:collapse;font-size:.875rem}
caption{padding:0 0 .5rem;text-align:left;font-weight:600;font-size:1rem}
th{padding:.45rem .6rem;text-align:left;font-weight:600;font-size:.75rem;letter-spacing:.02em;color:var(--quiet);white-space:nowrap;border-bottom:1px solid var(--line)}
td{padding:.4rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}.num{text-align:right}td.text{white-space:normal;overflow-wrap:anywhere;min-width:6rem}th.num{white-space:normal}
tbody th{font-size:.8125rem;letter-spacing:0;padding-block:.4rem}th a{color:inherit;text-decoration:none;border-bottom:1px dotted var(--edge)}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
.months{border-collapse:separate;border-spacing:3px}.months th,.months td{border:0;text-align:center;padding:.45rem .35rem}
.months td{border-radius:.375rem;background:var(--raised);min-width:3.6rem}.months td:empty{background:none}.months .all{font-weight:650}
.months .gain1{background:rgb(var(--gain)/calc(var(--tint)*.6))}.months .gain2{background:rgb(var(--gain)/calc(var(--tint)*1.2))}.months .gain3{background:rgb(var(--gain)/calc(var(--tint)*1.8))}.months .gain4{background:rgb(var(--gain)/calc(var(--tint)*2.4))}
.months .loss1{background:rgb(var(--loss)/calc(var(--tint)*.6))}.months .loss2{background:rgb(var(--loss)/calc(var(--tint)*1.2))}.months .loss3{background:rgb(var(--loss)/calc(var(--tint)*1.8))}.months .loss4{background:rgb(var(--loss)/calc(var(--tint)*2.4))}
.pairs{table-layout:fixed}.pairs th::first-letter{text-transform:uppercase}.pairs th{overflow-wrap:anywhere;white-space:normal;font-size:.875rem;letter-spacing:0;vertical-align:top;width:38%;padding-left:0}.pairs td{white-space:normal;overflow-wrap:anywhere}
code{font:.8125rem "SF Mono","JetBrains Mono",ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
p.note{margin:.6rem 0 0;color:var(--quiet);font-size:.8125rem}
.meanings{columns:2;column-gap:2rem;margin:.5rem 0 0}.meanings div{break-inside:avoid;padding:.3rem 0}.meanings dt{font-weight:600;font-size:.875rem}.meanings dd{margin:0;color:var(--quiet);font-size:.875rem}
.meanings div:target dt{color:var(--accent)}
footer{color:var(--quiet);font-size:.8125rem}
@media (max-width:60rem){.keys{grid-template-columns:repeat(4,minmax(0,1fr))}.keys>div:nth-child(n+5){border-top:1px solid var(--line)}.keys>div:nth-child(4n+1){border-left:0}.figures{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media (max-width:42rem){main{padding:1rem .75rem 2rem}.columns,.figures{grid-template-columns:minmax(0,1fr)}.keys{grid-template-columns:repeat(2,minmax(0,1fr))}.keys>div:nth-child(n+3){border-top:1px solid var(--line)}.keys>div:nth-child(odd){border-left:0}.card{padding:.9rem .85rem}.keys{padding:0}.key{margin-left:0}.across .minor{display:none}.meanings{columns:1}h1{font-size:1.5rem}}
@media print{body{background:#fff}main{max-width:none;padding:0}.card{box-shadow:none;break-inside:avoid}.card.long{break-inside:auto}.readout{display:none}.wide,.long .wide{overflow:visible;max-height:none}td,th{padding-block:.2rem}a{color:inherit}}
`;
