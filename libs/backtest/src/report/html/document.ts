import { dataBlock, Html, html } from './html.js';
import { type HoverData, hoverDataId, script } from './script.js';
import { signs } from './signs.js';
import { style } from './style.js';

/** SHA-256 of a text, base64. */
export type Digest = (text: string) => string;

/**
 * One page that needs nothing else: no address is asked, and the policy allows this style and this script alone, so that nothing in the
 * data can run.
 */
export function documentOf(title: string, main: Html, { hover, digest }: { hover: HoverData; digest: Digest }): string {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${digest(style)}'`,
    `script-src 'sha256-${digest(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${signs}
<main>
${main}
</main>
${dataBlock(hoverDataId, hover)}
<script>${new Html(script)}</script>
</body>
</html>
`.markup;
}
