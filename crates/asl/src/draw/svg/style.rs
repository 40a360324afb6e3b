//! Colours and fonts. Plain rules, no variables: viewers that know little CSS understand them.

/// The style sheet. What a colour says is said by a sign or a word, too.
pub(super) const STYLE: &str = "\
text{font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif;text-anchor:middle;fill:#1f2328;font-size:11px}
.name{font-size:14px}
.detail,.label{fill:#59636e}
.paper{fill:#ffffff}
.frame{fill:#ffffff;stroke:#8c959f;stroke-width:1.3}
.task .frame{fill:#eef4fc;stroke:#5b8fcc}
.choice .frame{fill:#fdf6e3;stroke:#b8922f}
.wait .frame{fill:#f5f0fc;stroke:#8f72c4}
.succeed .frame{fill:#e9f7ec;stroke:#3d9a52}
.fail .frame{fill:#fdeeec;stroke:#cc5248}
.missing .frame{fill:#fdeeec;stroke:#cc5248;stroke-dasharray:5 3}
.box>.frame{fill:#f6f8fa;stroke:#8c959f}
.lane{fill:#ffffff;stroke:#d1d9e0}
.start circle,.end .dot{fill:#59636e;stroke:none}
.end circle{fill:none;stroke:#59636e;stroke-width:1.5}
.line{fill:none;stroke:#6e7781;stroke-width:1.4}
.catch{stroke:#c05a4f;stroke-dasharray:5 3.5}
.tip{fill:#6e7781;stroke:none}
.tip.catch{fill:#c05a4f}
.succeeded>.frame{fill:#dff5e3;stroke:#2c8a43;stroke-width:2}
.caught>.frame{fill:#fff0d9;stroke:#c47a12;stroke-width:2}
.failed>.frame{fill:#fde2df;stroke:#c93a2e;stroke-width:2}
.running>.frame{fill:#dcecfd;stroke:#1f6fca;stroke-width:2}
.aborted>.frame{fill:#eceef1;stroke:#59636e;stroke-width:2}
.unreached>.frame{fill:#f6f8fa;stroke:#d1d9e0}
.unreached>text{fill:#8c959f}
.taken{stroke:#2c6e3f;stroke-width:2.2}
.tip.taken{fill:#2c6e3f}
.catch.taken{stroke:#b36b0c}
.tip.catch.taken{fill:#b36b0c}
.line.untaken{stroke:#c4ccd4}
.tip.untaken{fill:#c4ccd4}
.tip{stroke:none!important}
.untaken text{fill:#a5aeb7}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}
.detail,.label{fill:#9ea7b3}
.paper{fill:#0d1117}
.frame{fill:#161b22;stroke:#7d8590}
.task .frame{fill:#13233a;stroke:#4f83c2}
.choice .frame{fill:#2b2410;stroke:#a98529}
.wait .frame{fill:#221a33;stroke:#8465bd}
.succeed .frame{fill:#10291a;stroke:#3a8f4e}
.fail .frame,.missing .frame{fill:#34171a;stroke:#c9534a}
.box>.frame{fill:#12171e;stroke:#7d8590}
.lane{fill:#0d1117;stroke:#30363d}
.start circle,.end .dot{fill:#9ea7b3}
.end circle{stroke:#9ea7b3}
.line{stroke:#8b949e}
.tip{fill:#8b949e}
.catch{stroke:#e0776c}
.tip.catch{fill:#e0776c}
.succeeded>.frame{fill:#12351d;stroke:#3fb950}
.caught>.frame{fill:#3a2708;stroke:#d29922}
.failed>.frame{fill:#42181a;stroke:#f85149}
.running>.frame{fill:#0f2a4a;stroke:#4493f8}
.aborted>.frame{fill:#21262d;stroke:#9ea7b3}
.unreached>.frame{fill:#12171e;stroke:#30363d}
.unreached>text{fill:#6e7681}
.taken{stroke:#56d364}
.tip.taken{fill:#56d364}
.catch.taken{stroke:#e3a33b}
.tip.catch.taken{fill:#e3a33b}
.line.untaken{stroke:#3d444d}
.tip.untaken{fill:#3d444d}
.untaken text{fill:#545d68}
}
";
