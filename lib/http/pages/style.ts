/**
 * The one style sheet: inline, known to the policy by its hash; no image, font or script from anywhere. Colours are named in the
 * palette only, once for light and once for dark, so that their contrast can be computed.
 */
export const STYLE = `
:root{color-scheme:light dark;
--page:#ffffff;--plate:#f4f6f5;--line:#d9dedb;--edge:#77817b;--text:#18201c;--muted:#56605a;--accent:#1d5c4b;--accent-strong:#134436;--on-accent:#ffffff}
@media screen and (prefers-color-scheme:dark){:root{
--page:#121615;--plate:#1a201e;--line:#2f3734;--edge:#7f8a84;--text:#e6ebe8;--muted:#a3aea8;--accent:#8fcdb5;--accent-strong:#b5e2d0;--on-accent:#10201a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:47rem;min-height:100vh;min-height:100dvh;padding:0 1.5rem;display:flex;flex-direction:column;background:var(--page);color:var(--text);font:1rem/1.6 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1,h2,h3,h4,p,dl,dd,ol,ul{margin:0;padding:0}
code{font:.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
dd{overflow-wrap:anywhere}
header{padding:1.75rem 0}
.brand{display:inline-flex;align-items:center;gap:.6rem;color:var(--text);font-weight:600;text-decoration:none}
.mark{width:1.75rem;height:1.75rem;fill:var(--accent)}
.mark path{fill:none;stroke:var(--page);stroke-width:2.6;stroke-linecap:round}
main{flex:1;padding:clamp(1rem,6vh,4rem) 0 4rem}
main>*+*{margin-top:1.5rem}
h1{font-size:clamp(1.75rem,1.4rem + 1.6vw,2.375rem);line-height:1.2;font-weight:650;letter-spacing:-.02em;text-wrap:balance}
h2{font-size:1.375rem;line-height:1.3;font-weight:650;letter-spacing:-.01em}
h3{font-size:1.0625rem;line-height:1.75rem;font-weight:650}
h4{font-size:.875rem;font-weight:600;color:var(--muted)}
p,dd{text-wrap:pretty}
p{max-width:38rem}
.lede{text-wrap:balance;font-size:1.125rem;color:var(--muted)}
.button{display:inline-block;padding:.7rem 1.5rem;border:1px solid var(--accent);border-radius:.5rem;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
.button:hover{background:var(--accent-strong);border-color:var(--accent-strong)}
.quiet{padding:.5rem 1.125rem;background:var(--page);border-color:var(--edge);color:var(--text)}
.quiet:hover{background:var(--plate);border-color:var(--text)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:.25rem}
.button:focus-visible{border-radius:.5rem}
.promises{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:1.5rem 2rem;margin-top:4rem;padding-top:1.75rem;border-top:1px solid var(--line);list-style:none}
.promises h2{font-size:1rem;letter-spacing:0}
.promises p{margin-top:.25rem;font-size:.9375rem;color:var(--muted)}
main p a:not(.button){color:var(--accent)}
.reference{margin-top:3rem;padding-top:1.25rem;border-top:1px solid var(--line);font-size:.9375rem;color:var(--muted)}
.reference>div+div{margin-top:.5rem}
.reference code{color:var(--text)}
.person{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:1rem}
.facts{display:grid;gap:.375rem}
.facts>div{display:grid;grid-template-columns:6.5rem 1fr;align-items:baseline;gap:1rem}
.facts dt{color:var(--muted)}
.plate{padding:.875rem 1.125rem;border:1px solid var(--line);border-radius:.5rem;background:var(--plate)}
.part{margin-top:3rem;padding-top:2.5rem;border-top:1px solid var(--line)}
.part>*+*{margin-top:.75rem}
.part>p,.rows p{color:var(--muted)}
.rows{list-style:none}
.rows>li{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.5rem 1.5rem;padding:.75rem 0;border-bottom:1px solid var(--line)}
.rows p{font-size:.9375rem}
.tag{padding:.125rem .625rem;border:1px solid var(--accent);border-radius:1rem;color:var(--accent);font-size:.875rem;font-weight:600}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.proof{margin-top:3.5rem;padding-top:2.5rem;border-top:1px solid var(--line)}
.proof>p{margin-top:.75rem;color:var(--muted)}
.proof>.lede{margin-top:.25rem;color:var(--text)}
.steps{margin-top:2rem;list-style:none;counter-reset:step}
.steps>li{position:relative;padding:0 0 2.5rem 3rem;counter-increment:step}
.steps>li:last-child{padding-bottom:0}
.steps>li::before{content:counter(step);position:absolute;left:0;top:0;width:1.75rem;height:1.75rem;border:1px solid var(--accent);border-radius:50%;color:var(--accent);font-size:.875rem;font-weight:600;line-height:1.625rem;text-align:center}
.steps>li:not(:last-child)::after{content:"";position:absolute;left:.875rem;top:2.25rem;bottom:.5rem;border-left:1px solid var(--line)}
.steps>li>*+*{margin-top:.75rem}
.steps h4{margin-top:1.5rem}
.fields{border-bottom:1px solid var(--line)}
.steps h4+.fields{margin-top:.375rem}
.fields>div{display:grid;grid-template:"name value spec" "name meaning meaning"/5.5rem 1fr auto;align-items:baseline;column-gap:1rem;padding:.625rem 0;border-top:1px solid var(--line)}
.fields dt{grid-area:name;color:var(--accent)}
.fields .value{grid-area:value}
.fields .meaning{grid-area:meaning;font-size:.9375rem;color:var(--muted)}
.fields .spec{grid-area:spec}
.spec{white-space:nowrap;font-size:.8125rem;color:var(--muted)}
.moment{white-space:nowrap;margin-left:.5rem;color:var(--muted)}
footer{padding:1.5rem 0 2rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--muted)}
@media (max-width:36rem){
body{padding:0 1.25rem}
.promises{margin-top:3rem}
.facts>div{grid-template-columns:5rem 1fr}
.plate{padding:.75rem .875rem}
.steps>li{padding-left:2.5rem}
.fields>div{grid-template:"name spec" "value value" "meaning meaning"/1fr auto}
.moment{margin-left:0}
}
@media (prefers-reduced-motion:no-preference){.button{transition:background-color .15s,border-color .15s}}
@media print{:root{color-scheme:light}header,form,.button{display:none}body{max-width:none}.fields>div,.plate{break-inside:avoid}}
`
