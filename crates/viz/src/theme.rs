//! Colours and type, once for all pictures and pages.
//!
//! The nine series colours keep their distance for the common kinds of colour blindness, and every
//! series but the first also has a texture, so that nothing is told by colour alone. Light and dark
//! follow the reader's setting; a page may force one with `data-theme` on its root. Paper is light.
//! Absent: web fonts and anything fetched.

macro_rules! dark_values {
    () => {
        "--cv-paper:#12171e;--cv-panel:#182029;--cv-ink:#e8ebef;--cv-soft:#b3bdc9;--cv-mute:#95a1af;--cv-rule:#2c3743;--cv-faint:#212a34;\
--cv-accent:#5fb8b2;--cv-pay:#e0a458;--cv-good:#7cc59a;--cv-bad:#f08a7c;--cv-wait:#e0b45c;--cv-tex:rgba(10,14,19,.42);\
--cv-s0:#7d9ff0;--cv-s1:#4fb8aa;--cv-s2:#e0c468;--cv-s3:#d9737f;--cv-s4:#8fd0f0;--cv-s5:#a9a54a;--cv-s6:#c489d6;--cv-s7:#5f9d6e;--cv-s8:#b9c1cb;\
--cv-t0:#0d1218;--cv-t1:#0d1218;--cv-t2:#0d1218;--cv-t3:#0d1218;--cv-t4:#0d1218;--cv-t5:#0d1218;--cv-t6:#0d1218;--cv-t7:#0d1218;--cv-t8:#0d1218;"
    };
}

/// Styles of all pictures: theme values on the root, classes below `.cv`, `.cv-figure` and `.cv-table`.
///
/// [`crate::Picture::svg`] carries them inside; a page that uses [`crate::Picture::inline_svg`] or
/// [`crate::Picture::figure`] must serve them once.
pub const PICTURE_CSS: &str = concat!(
    ":root{--cv-paper:#fff;--cv-panel:#f7f6f2;--cv-ink:#18222f;--cv-soft:#46525f;--cv-mute:#5c6773;--cv-rule:#d5d8dc;--cv-faint:#ebecee;\
--cv-accent:#1f6f78;--cv-pay:#b3691a;--cv-good:#1e6b43;--cv-bad:#a8281c;--cv-wait:#8a5a00;--cv-tex:rgba(255,255,255,.42);\
--cv-s0:#2f4b8f;--cv-s1:#227a70;--cv-s2:#b58b18;--cv-s3:#b9505f;--cv-s4:#4b98ca;--cv-s5:#73731f;--cv-s6:#85468f;--cv-s7:#2b6a3f;--cv-s8:#8b949e;\
--cv-t0:#fff;--cv-t1:#fff;--cv-t2:#18222f;--cv-t3:#fff;--cv-t4:#18222f;--cv-t5:#fff;--cv-t6:#fff;--cv-t7:#fff;--cv-t8:#18222f;\
--cv-sans:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",\"Noto Sans\",\"Liberation Sans\",Arial,sans-serif}\n\
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){",
    dark_values!(),
    "}}\n@media screen{:root[data-theme=dark]{",
    dark_values!(),
    "}}\n\
.cv{display:block;width:100%;height:auto;font-family:var(--cv-sans);font-size:12.5px;fill:var(--cv-ink);font-variant-numeric:tabular-nums}\n\
.cv text{fill:var(--cv-ink)}\
.cv .bold{font-weight:600}.cv .small{font-size:11.5px;fill:var(--cv-soft)}.cv .tiny{font-size:10.5px;fill:var(--cv-mute)}\
.cv .muted{fill:var(--cv-mute)}.cv .big{font-size:21px;font-weight:600;letter-spacing:-.01em}\
.cv .axis{stroke:var(--cv-mute);stroke-width:1}.cv .grid{stroke:var(--cv-faint);stroke-width:1}\
.cv .frame{fill:none;stroke:var(--cv-rule)}.cv .track{fill:var(--cv-faint)}.cv .outline{fill:none;stroke:var(--cv-mute);stroke-width:1}\
.cv .plate{fill:var(--cv-paper)}.cv .band0{fill:var(--cv-panel)}.cv .band1{fill:var(--cv-faint)}\
.cv .cut{stroke:var(--cv-ink);stroke-width:1;stroke-dasharray:3 3;opacity:.55}.cv .leader{stroke:var(--cv-mute);stroke-width:.8}\
.cv .curve{fill:none;stroke:var(--cv-accent);stroke-width:2.2;stroke-linejoin:round}.cv .under{fill:var(--cv-accent);opacity:.12}\
.cv .demand{fill:none;stroke:var(--cv-accent);stroke-width:2.2}.cv .supply{fill:none;stroke:var(--cv-pay);stroke-width:2.2}\
.cv .accent{fill:var(--cv-accent)}.cv .pay{fill:var(--cv-pay)}.cv .hub{fill:var(--cv-ink)}\
.cv .rpay{fill:var(--cv-pay);opacity:.34}.cv .rrec{fill:var(--cv-accent);opacity:.34}.cv .rpay:hover,.cv .rrec:hover{opacity:.7}\
.cv .edge{fill:var(--cv-s0);opacity:.4}.cv .kept{fill:var(--cv-s0);opacity:.8}.cv .edge:hover,.cv .kept:hover{fill:var(--cv-pay);opacity:1}\
.cv .gone{fill:none;stroke:var(--cv-mute);stroke-width:.8;stroke-dasharray:2 4;opacity:.5}.cv .ring{fill:none;stroke:var(--cv-faint)}\
.cv .in{fill:var(--cv-accent);stroke:var(--cv-paper);stroke-width:1.5}.cv .out{fill:var(--cv-paper);stroke:var(--cv-pay);stroke-width:2.5}\
.cv .even{fill:var(--cv-mute);stroke:var(--cv-paper);stroke-width:1.5}\
.cv .tex path{stroke:var(--cv-tex);stroke-width:1.3;fill:none}.cv .tex .tdot{stroke-width:2}\
.cv .dot{fill:var(--cv-accent);stroke:var(--cv-paper);stroke-width:1.5}\
.cv .s0{fill:var(--cv-s0)}.cv .s1{fill:var(--cv-s1)}.cv .s2{fill:var(--cv-s2)}.cv .s3{fill:var(--cv-s3)}.cv .s4{fill:var(--cv-s4)}\
.cv .s5{fill:var(--cv-s5)}.cv .s6{fill:var(--cv-s6)}.cv .s7{fill:var(--cv-s7)}.cv .s8{fill:var(--cv-s8)}\
.cv .t0{fill:var(--cv-t0)}.cv .t1{fill:var(--cv-t1)}.cv .t2{fill:var(--cv-t2)}.cv .t3{fill:var(--cv-t3)}.cv .t4{fill:var(--cv-t4)}\
.cv .t5{fill:var(--cv-t5)}.cv .t6{fill:var(--cv-t6)}.cv .t7{fill:var(--cv-t7)}.cv .t8{fill:var(--cv-t8)}\
.cv .inside{font-weight:600;font-size:12px;stroke-width:3.5px;paint-order:stroke;stroke-linejoin:round}\
.cv .t0.inside{stroke:var(--cv-s0)}.cv .t1.inside{stroke:var(--cv-s1)}.cv .t2.inside{stroke:var(--cv-s2)}.cv .t3.inside{stroke:var(--cv-s3)}\
.cv .t4.inside{stroke:var(--cv-s4)}.cv .t5.inside{stroke:var(--cv-s5)}.cv .t6.inside{stroke:var(--cv-s6)}.cv .t7.inside{stroke:var(--cv-s7)}\
.cv .t8.inside{stroke:var(--cv-s8)}\
.cv .halo{stroke:var(--cv-paper);stroke-width:4px;paint-order:stroke;stroke-linejoin:round}\n\
.cv-figure{margin:0}.cv-narrow{display:none}\
@media screen and (max-width:640px){.cv-wide{display:none}.cv-narrow{display:block}}\
.cv-scroll{overflow-x:auto}.cv-table{border-collapse:collapse;font-variant-numeric:tabular-nums}\
.cv-table th,.cv-table td{text-align:left;padding:.3em .8em .3em 0}.cv-table .num{text-align:right}\n"
);

/// Styles of the report page, on top of [`PICTURE_CSS`].
pub const REPORT_CSS: &str = include_str!("report/page.css");
