//! The Harmonized System's chapters and the sections they are in.
//!
//! Source: World Customs Organization, nomenclature of the Harmonized System, 2022 edition: 21 sections, chapters 01 to 97,
//! of which 77 is kept empty. Chapters 98 and 99 are for national use. Titles are shortened. Absent: headings.

/// The chapter of mineral fuels and oils: energy, as the word is used here.
pub const ENERGY: u8 = 27;

/// Roman number, first chapter, last chapter, short title.
pub const SECTIONS: [(&str, u8, u8, &str); 21] = [
    ("I", 1, 5, "live animals, animal products"),
    ("II", 6, 14, "vegetable products"),
    ("III", 15, 15, "fats and oils"),
    ("IV", 16, 24, "prepared food, drink, tobacco"),
    ("V", 25, 27, "mineral products and fuels"),
    ("VI", 28, 38, "chemicals"),
    ("VII", 39, 40, "plastics and rubber"),
    ("VIII", 41, 43, "hides, leather, furs"),
    ("IX", 44, 46, "wood, cork, straw"),
    ("X", 47, 49, "pulp and paper"),
    ("XI", 50, 63, "textiles"),
    ("XII", 64, 67, "footwear, headgear"),
    ("XIII", 68, 70, "stone, ceramics, glass"),
    ("XIV", 71, 71, "pearls, precious stones and metals"),
    ("XV", 72, 83, "base metals"),
    ("XVI", 84, 85, "machinery, electrical equipment"),
    ("XVII", 86, 89, "vehicles, aircraft, vessels"),
    ("XVIII", 90, 92, "instruments, clocks"),
    ("XIX", 93, 93, "arms"),
    ("XX", 94, 96, "furniture, toys, other manufactures"),
    ("XXI", 97, 97, "works of art"),
];

/// The section a chapter is in, as an index into [`SECTIONS`]; none for 0, 77 and chapters beyond 97.
#[must_use]
pub fn of(chapter: u8) -> Option<usize> {
    if chapter == 77 {
        return None;
    }
    SECTIONS.iter().position(|(_, first, last, _)| (*first..=*last).contains(&chapter))
}

/// How a section is shown: `V mineral products and fuels`; `national use` where there is none.
#[must_use]
pub fn name(chapter: u8) -> String {
    match of(chapter) {
        Some(at) => format!("{} {}", SECTIONS[at].0, SECTIONS[at].3),
        None => "national use".into(),
    }
}
