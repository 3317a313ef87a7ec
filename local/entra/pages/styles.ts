/** The look of every page: one quiet card, light or dark as the reader prefers, down to a narrow phone. */
export const styles = `
:root {
  --ground: #f3f4f1; --card: #fff; --ink: #1c2321; --soft: #5b6663; --line: #dfe3de;
  --hover: #f3f7f4; --accent: #1f6f5c; --on-accent: #fff; --warn: #8a4b0f; --warn-ground: #fbf0e2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131715; --card: #1c2220; --ink: #e9eeeb; --soft: #9aa7a2; --line: #323b37;
    --hover: #242c29; --accent: #7cc9b3; --on-accent: #10201b; --warn: #f0b878; --warn-ground: #35281a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; grid-template-columns: minmax(0, 1fr); place-items: center; padding: 24px 16px;
  background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { min-width: 0;
  width: 100%; max-width: 452px; background: var(--card); border: 1px solid var(--line);
  border-radius: 18px; padding: 32px; box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 40px rgb(0 0 0 / 6%);
}
header { display: flex; align-items: center; gap: 12px; margin-bottom: 28px; }
header p { margin: 0; line-height: 1.35; }
.mark {
  flex: none; width: 40px; height: 40px; border-radius: 12px; display: grid; place-items: center;
  background: var(--accent); color: var(--on-accent); font-weight: 650; font-size: 20px;
}
.what { color: var(--soft); font-size: 13.5px; }
h1 { font-size: 23px; line-height: 1.25; font-weight: 620; letter-spacing: -.01em; margin: 0 0 6px; }
p { margin: 0 0 16px; }
.lead, .small { color: var(--soft); }
.small { font-size: 13.5px; margin: 20px 0 0; }
.notice { background: var(--warn-ground); color: var(--warn); border-radius: 10px; padding: 10px 14px; font-size: 14px; }
form { margin: 0; }
button {
  font: inherit; font-size: 15px; color: inherit; cursor: pointer; background: var(--card);
  border: 1px solid var(--line); border-radius: 10px; padding: 9px 14px;
}
button:hover { background: var(--hover); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button.main { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; }
button.main:hover { filter: brightness(1.08); }
.people { list-style: none; margin: 20px 0 0; padding: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
.people button { width: 100%; display: flex; align-items: center; gap: 12px; text-align: left; padding: 10px 12px; border-radius: 12px; }
.people button.hinted { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.avatar {
  flex: none; width: 38px; height: 38px; border-radius: 50%; display: grid; place-items: center;
  font-size: 13.5px; font-weight: 620; background: #dcebe5; color: #1d5647;
}
.avatar.hue1 { background: #e3e4f3; color: #3a3f7c; } .avatar.hue2 { background: #f4e6d8; color: #7a4a18; }
.avatar.hue3 { background: #f3dfe2; color: #7d2f3d; } .avatar.hue4 { background: #e9e6d3; color: #595017; }
@media (prefers-color-scheme: dark) { .avatar { filter: brightness(.84); } }
.who { flex: 1; min-width: 0; line-height: 1.3; }
.who b, .who span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who b { font-weight: 580; } .who span { color: var(--soft); font-size: 13.5px; }
.tag { flex: none; font-size: 12.5px; color: var(--soft); text-align: right; max-width: 92px; line-height: 1.25; }
.tag.warn { color: var(--warn); }
.rule { display: flex; align-items: center; gap: 12px; color: var(--soft); font-size: 13.5px; margin: 22px 0 12px; }
.rule::before, .rule::after { content: ""; flex: 1; height: 1px; background: var(--line); }
.actions { display: flex; flex-wrap: wrap; gap: 8px; }
.actions button { flex: 1 1 auto; }
details { margin-top: 22px; border-top: 1px solid var(--line); padding-top: 14px; font-size: 13.5px; color: var(--soft); }
summary { cursor: pointer; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 6px 16px; margin: 12px 0 0; font-size: 13.5px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
ul.permissions { margin: 16px 0; padding-left: 20px; overflow-wrap: anywhere; }
a { color: var(--accent); }
iframe { display: none; }
@media (max-width: 480px) {
  body { place-items: start stretch; padding: 0; background: var(--card); }
  main { border: 0; border-radius: 0; box-shadow: none; padding: 24px 20px 32px; max-width: none; }
}
@media (max-width: 360px) {
  .people button { flex-wrap: wrap; }
  .tag { flex-basis: 100%; max-width: none; text-align: left; padding-left: 50px; margin-top: -6px; }
}
`
