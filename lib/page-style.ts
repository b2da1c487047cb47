/** Colours and type that the pages of the gateway share, as the beginning of a style sheet. */
export const PAGE_STYLE = `:root{color-scheme:light dark;--line:light-dark(#d8dde3,#39414b);--soft:light-dark(#f5f7f9,#1b2128);--accent:light-dark(#0b57d0,#8ab4f8);--text:light-dark(#1b1f24,#e4e8ec);--faint:light-dark(#57606a,#a4adb8);--ground:light-dark(#fff,#12161b)}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--ground)}
a{color:var(--accent)}
code,pre{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
`;
