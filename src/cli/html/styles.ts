/** The report's look: one accent, red for harm alone, the same tokens in light and dark. */

const LIGHT =
  '--paper:#fbfbfa;--panel:#f2f3f3;--ink:#1b1f23;--mute:#56606a;--rule:#dcdfe2;--axis:#8b949e;--accent:#0a5cab;--other:#8b949e;--harm:#b42318;--weak:#f0c8c2;--area:#e1e5e9'
const DARK =
  '--paper:#14171a;--panel:#1c2024;--ink:#e8eaec;--mute:#a3adb7;--rule:#30363c;--axis:#6e7781;--accent:#6db3f5;--other:#7d8791;--harm:#ff7a6b;--weak:#6b322c;--area:#343b43'

/** What an exported picture takes along, so that it looks the same elsewhere. */
export const PICTURE_STYLE = `:root{${LIGHT}}
.t{font:12.5px/1 system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}
.bold{font-weight:650}.mute{fill:var(--mute)}.acc-t{fill:var(--accent)}
.halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.s{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.s.acc{stroke:var(--accent);stroke-width:2.4}.s.oth{stroke:var(--other)}.s.harm{stroke:var(--harm);stroke-width:2}
.s.grid{stroke:var(--rule);stroke-width:1}.s.axis{stroke:var(--axis);stroke-width:1}
.s.naming{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:2 4}
.s.dash{stroke-dasharray:6 5;stroke-width:1.5}.s.link{stroke-width:2}.thin,.s.thin{stroke-width:.8}
.f.acc{fill:var(--accent)}.f.oth{fill:var(--other)}.f.harm{fill:var(--harm)}
.ring{fill:var(--paper);stroke:var(--ink);stroke-width:1.6}.harm-ring{fill:var(--paper);stroke:var(--harm);stroke-width:1.5}
.harm-ring.thin{stroke-width:.8}.harm-weak{fill:var(--weak);stroke:var(--harm);stroke-width:1}.area{fill:var(--area);stroke:var(--axis);stroke-width:.8}`

export const PAGE_STYLE = `:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{${LIGHT};color-scheme:light}}
*{box-sizing:border-box}
html{background:var(--paper);-webkit-text-size-adjust:100%}
body{margin:0;color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.page{max-width:944px;margin:0 auto;padding:0 32px 64px}
a{color:var(--accent)}a:focus-visible,summary:focus-visible,button:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-999em}.skip:focus{left:16px;top:8px;background:var(--paper);padding:8px;z-index:1}
header{padding:40px 0 8px}
.over{color:var(--mute);font-size:14px;margin:0 0 16px}
.word{display:inline-block;font-size:13px;font-weight:650;letter-spacing:.02em;border:1.5px solid currentColor;border-radius:3px;padding:1px 9px;margin:0 0 12px;color:var(--mute)}
.word.named,.word.leading,.word.outside{color:var(--accent)}
.word.named{background:var(--accent);border-color:var(--accent);color:var(--paper)}.word.undecided{border-style:dashed}
h1{font-size:34px;line-height:1.18;letter-spacing:-.015em;font-weight:650;margin:0 0 12px;text-wrap:balance}
h1.long{font-size:25px;line-height:1.28;letter-spacing:-.01em;max-width:44em;text-wrap:pretty}
h2{font-size:20px;line-height:1.3;font-weight:650;margin:0 0 4px}
.means{font-size:17px;max-width:66ch;text-wrap:pretty;margin:0;color:var(--mute)}
section{padding:22px 0 0;margin:26px 0 0;border-top:1px solid var(--rule)}
.reading{color:var(--mute);margin:0 0 20px;max-width:76ch}
.agent{font-weight:650;margin:20px 0 0}.agent small{font-weight:400;color:var(--mute);font-size:14px}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:20px 24px;margin:12px 0 0}
.facts div{border-top:2px solid var(--rule);padding-top:8px}
.facts dt{font-size:13px;color:var(--mute)}.facts dd{margin:0}.facts .value{font-size:19px;line-height:1.3;font-weight:650}
.facts .against{font-size:14px;line-height:1.4;color:var(--mute);margin-top:4px}
.bound{color:var(--mute);margin:20px 0 0;max-width:76ch}
ol.next{margin:8px 0 0;padding-left:1.4em;max-width:76ch}ol.next li{padding:3px 0 3px 4px}ol.next li::marker{color:var(--accent);font-weight:650}
.care{list-style:none;margin:8px 0 0;padding:0;max-width:76ch}.care li{padding:4px 0 4px 26px;position:relative}
.care li::before{content:"!";position:absolute;left:0;top:8px;width:16px;height:16px;border:1.5px solid var(--mute);border-radius:50%;font:650 11px/13px system-ui,sans-serif;text-align:center;color:var(--mute)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:28px 0 0;padding:0;font-size:14px}
nav a{display:inline-block;padding:4px 0;text-decoration-thickness:1px;text-underline-offset:3px}
figure{margin:0}
.pic{display:block;max-width:100%;height:auto}.pic.narrow{display:none}
details{margin:16px 0 0}summary{cursor:pointer;color:var(--accent);font-size:14px;padding:4px 0;width:max-content;max-width:100%}
.under{position:relative;margin:14px 0 0;min-height:30px}.under details{margin:0}.tools{display:flex;gap:8px;position:absolute;right:0;top:0}
button{font:inherit;font-size:13px;color:var(--ink);background:var(--panel);border:1px solid var(--axis);border-radius:3px;padding:4px 10px;min-height:28px;cursor:pointer}
.scroll{overflow-x:auto;margin:8px 0 0;position:relative;max-height:28rem;overflow-y:auto}
table{border-collapse:collapse;font-size:14px;line-height:1.4;min-width:100%}
caption{text-align:left;font-weight:650;padding:0 0 6px}
th,td{text-align:left;vertical-align:top;padding:6px 20px 6px 0;border-bottom:1px solid var(--rule);font-weight:400;min-width:8em;overflow-wrap:break-word}
tr>:last-child{padding-right:0}.w{white-space:nowrap}
thead th{color:var(--mute);font-size:13px;vertical-align:bottom;position:sticky;top:0;background:var(--paper)}
.n{text-align:right;white-space:nowrap;min-width:0}thead .n{white-space:normal;min-width:6.5em}
.k{overflow-wrap:anywhere;max-width:22em}
.none,.note{color:var(--mute);font-size:14px;margin:8px 0 0}
dl.log{display:grid;grid-template-columns:max-content 1fr;gap:4px 24px;margin:8px 0 0}dl.log dt{color:var(--mute)}dl.log dd{margin:0}
footer{color:var(--mute);font-size:14px;margin:48px 0 0;padding:16px 0 0;border-top:1px solid var(--rule)}
@media (min-width:860px){.pair{display:grid;grid-template-columns:3fr 2fr;gap:0 48px}}
@media (max-width:640px){
.page{padding:0 20px 48px}header{padding-top:24px}h1{font-size:26px}h1.long{font-size:21px}.means{font-size:16px}
.pic.wide{display:none}.pic.narrow{display:block;width:100%;max-width:420px}dl.log{grid-template-columns:1fr;gap:0}dl.log dd{margin:0 0 8px}.facts{grid-template-columns:1fr;gap:16px}}
@media print{
@page{margin:16mm}body{font-size:11pt}.page{max-width:none;padding:0}nav,.tools,.skip,summary{display:none}
.pic.wide{display:block}.pic.narrow{display:none}.scroll{max-height:none;overflow:visible}thead th{position:static}
figure,.facts div,li,tr{break-inside:avoid}h2,.reading{break-after:avoid}a{color:inherit}}`
