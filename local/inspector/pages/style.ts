import { STYLE } from '../../../lib/http/pages/style.ts'

/** The product's own look, and what these pages add to it: lanes with arrows, and facts of a request. */
export const INSPECTOR_STYLE = `${STYLE}
:root{--bad:#a12622}
@media screen and (prefers-color-scheme:dark){:root{--bad:#f2a099}}
.steps>li>h2{font-size:1.0625rem;line-height:1.75rem;letter-spacing:0}
.steps h3{margin-top:1.5rem;font-size:.875rem;line-height:1.6;font-weight:600;color:var(--muted)}
.steps h3+.fields{margin-top:.375rem}
.brand small{font-size:1rem;font-weight:400;color:var(--muted)}
header a,main a{color:var(--accent)}
header .brand{color:var(--text)}
main{padding-top:1rem}
.tools{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;font-size:.9375rem}
.facts dd{min-width:0}
.signins,.lanes{list-style:none}
.signins li{border-top:1px solid var(--line)}
.signins li:last-child{border-bottom:1px solid var(--line)}
.signins a{display:grid;grid-template-columns:1fr auto;gap:0 1rem;padding:.875rem 0;color:inherit;text-decoration:none}
.signins a:hover b,.lanes a:hover b{color:var(--accent-strong);text-decoration:underline}
.signins b{font-weight:600;color:var(--accent)}
.signins span{color:var(--muted);font-size:.9375rem}
.signins .when{text-align:right;white-space:nowrap}
.more{margin-top:3rem}
.more p{margin:.5rem 0 1rem;color:var(--muted);font-size:.9375rem}
.signins .failed,.bad{color:var(--bad)}
.bad{font-weight:600}
.verdict{padding:.75rem 1rem;border:1px solid var(--bad);border-left-width:.375rem;border-radius:.375rem}
.verdict b{color:var(--bad)}
.lanes{margin-top:2rem;border-bottom:1px solid var(--line)}
.lanes>li,.lanes a{display:grid;grid-template-columns:25rem minmax(0,1fr);align-items:center;column-gap:1.25rem}
.lanes>li.step{display:block}
.lanes a{color:inherit;text-decoration:none;font-size:.9375rem;line-height:1.35;min-height:2.75rem}
.lanes b{font-weight:400}
.what{display:grid;grid-template-columns:1.75rem 1fr;align-items:baseline}
.lanes a:focus-visible{outline-offset:-3px}
.lane{display:grid;grid-template-columns:repeat(12,1fr);align-self:stretch;align-items:center;text-align:center;font-size:.8125rem;color:var(--muted)}
.lane>span{grid-column:span 2}
.parties{position:sticky;top:0;padding:.375rem 0;background:var(--page);border-bottom:1px solid var(--line);z-index:1}
.step .lane{background:linear-gradient(90deg,transparent calc(50% - .5px),var(--line) 0,var(--line) calc(50% + .5px),transparent 0) 0 0/calc(100%/6) 100%}
.arrow{position:relative;height:0;border-top:2px solid var(--accent)}
.arrow::after{content:"";position:absolute;right:0;top:-5px;border:4px solid transparent;border-left:7px solid var(--accent);border-right:0}
.arrow.implied{border-top:2px dashed var(--edge)}
.arrow.implied::after{border-left-color:var(--edge)}
.arrow.failed{border-top:3px dotted var(--bad)}
.arrow.failed::after{border-left-color:var(--bad)}
.lane>.browser-app{grid-column:2/4}
.lane>.browser-entra{grid-column:2/6}
.lane>.app-entra{grid-column:4/6}
.lane>.app-vault{grid-column:4/8}
.lane>.app-identity{grid-column:4/10}
.lane>.app-tables{grid-column:4/12}
.steps{margin-top:3rem}
.steps>li{scroll-margin-top:1rem}
.steps>li:target h2{color:var(--accent)}
.call{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .875rem;font-size:.9375rem;color:var(--muted)}
.steps>li>.call{margin-top:.125rem}
.call code{color:var(--text);flex-basis:100%}
.status{font-variant-numeric:tabular-nums}
.steps .fields>div{grid-template-columns:9.5rem 1fr auto}
.steps .fields dt{overflow-wrap:anywhere}
.withheld{font-size:.9375rem;color:var(--muted);font-style:italic}
@media (max-width:44rem){
.lanes>li,.lanes a{grid-template-columns:minmax(0,1fr)}
.lanes>li.parties{grid-template-columns:minmax(0,1fr)}
.parties>:last-child{display:none}
.lanes a{padding:0}
.lane{font-size:.6875rem;min-height:1.5rem}
.lanes .what{padding:.125rem 0 .5rem;border-top:0}
}
@media (max-width:36rem){.signins a{grid-template-columns:1fr}.signins .when{text-align:left}.steps .fields>div{grid-template-columns:1fr auto}}
@media (max-width:30rem){header .brand{flex-wrap:wrap}.steps .spec,.more .spec,.signins .when{white-space:normal}.facts>div{grid-template-columns:minmax(0,1fr);gap:0}.steps>li{padding-left:2.25rem}.steps .fields>div{grid-template-columns:minmax(0,1fr) auto}.steps .fields .spec{grid-area:spec;overflow-wrap:anywhere;text-align:right;max-width:9rem}.more .facts{gap:.875rem}main *{min-width:0}}
@media (forced-colors:active){.step .lane{forced-color-adjust:none;background-image:linear-gradient(90deg,transparent calc(50% - .5px),CanvasText 0,CanvasText calc(50% + .5px),transparent 0)}.arrow,.arrow::after{forced-color-adjust:none}.arrow{border-top-color:CanvasText}.arrow::after{border-left-color:CanvasText}.arrow.implied{border-top-color:GrayText}.arrow.implied::after{border-left-color:GrayText}.arrow.failed{border-top-color:LinkText}.arrow.failed::after{border-left-color:LinkText}}
@media print{.parties{position:static}}
`
