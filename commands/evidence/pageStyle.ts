/** The style sheet of the evidence: inline, no font or image from anywhere; on paper without colour that carries meaning alone. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--page:#fff;--plate:#f4f6f5;--line:#d5dbd8;--text:#18201c;--muted:#56605a;--accent:#1d5c4b;--bad:#a3231f;--open:#7a5a00;--edge:#9aa5a0}
@media screen and (prefers-color-scheme:dark){:root{--page:#121615;--plate:#1a201e;--line:#333b38;--text:#e6ebe8;--muted:#a3aea8;--accent:#8fcdb5;--bad:#ff9c94;--open:#e8c468;--edge:#66716c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:2.5rem 1.5rem 4rem;background:var(--page);color:var(--text);font:.9375rem/1.55 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1,h2,h3,p,dl,dd,ul{margin:0;padding:0}
header{padding-bottom:1.5rem;border-bottom:2px solid var(--accent)}
h1{font-size:1.875rem;line-height:1.2;font-weight:650;letter-spacing:-.02em}
header p{margin-top:.5rem;color:var(--muted)}
h2{margin-top:2.75rem;font-size:1.25rem;font-weight:650;letter-spacing:-.01em}
h3{margin-top:1.5rem;font-size:1rem;font-weight:650}
section>p:not(.none){margin-top:.375rem;color:var(--muted);max-width:46rem}
dl{display:grid;grid-template-columns:11rem 1fr;gap:.25rem 1.5rem;margin-top:1rem}
dt{color:var(--muted)}
dd,.statements p{overflow-wrap:anywhere}
td{overflow-wrap:break-word}
.id{white-space:nowrap}
code{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.scroll{margin-top:.75rem;overflow-x:auto;background:linear-gradient(90deg,var(--page) 30%,transparent) 0 0/2.5rem 100% no-repeat local,linear-gradient(-90deg,var(--page) 30%,transparent) 100% 0/2.5rem 100% no-repeat local,linear-gradient(90deg,var(--edge),transparent) 0 0/.875rem 100% no-repeat,linear-gradient(-90deg,var(--edge),transparent) 100% 0/.875rem 100% no-repeat}
.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{width:100%;border-collapse:collapse}
th,td{padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--muted);font-size:.875em;white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
.number{text-align:right;font-variant-numeric:tabular-nums}
.statements{list-style:none;margin-top:1rem;border-top:1px solid var(--line)}
.statements li{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:1rem;padding:.75rem 0;border-bottom:1px solid var(--line);break-inside:avoid}
.statements p+p{color:var(--muted);font-size:.9em}
.verdict{font-weight:650;white-space:nowrap}
.verdict::before{display:inline-block;width:1.25rem}
.holds{color:var(--accent)}.holds::before{content:"✓"}
.fails{color:var(--bad)}.fails::before{content:"✗"}
.open{color:var(--open)}.open::before{content:"?"}
.none{margin-top:.75rem;padding:.625rem .875rem;border:1px solid var(--line);border-radius:.375rem;background:var(--plate);color:var(--muted)}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.875em}
@media (max-width:44rem){.scroll::before{content:"→ scrolls sideways";position:sticky;left:0;display:block;color:var(--muted);font-size:.875em}}
@media (max-width:40rem){.statements li{grid-template-columns:minmax(0,1fr);gap:.25rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
@page{margin:16mm 14mm 18mm}
@media print{.scroll::before{content:none!important}:root{--accent:#000;--bad:#000;--open:#000;--muted:#333;--line:#999;--plate:#fff}body{max-width:none;padding:0;font-size:9.5pt}h1{font-size:20pt}h2{margin-top:20pt;font-size:13pt;break-after:avoid}h3{margin-top:12pt;font-size:10.5pt;break-after:avoid}tr,.none{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible;background:none}}
`
