//! Ends of cycles and days on which something is due.

use comity_union::dates::{Due, Length, announce_by, day};

#[test]
fn days_are_counted_from_1970() {
    assert_eq!(day(1970, 1, 1), Some(0));
    assert_eq!(day(2000, 3, 1), Some(11_017));
    assert_eq!(day(2026, 11, 21), Some(20_778));
    assert_eq!(day(2023, 2, 29), None);
    assert_eq!(day(2024, 2, 29), Some(19_782));
    assert_eq!(day(2024, 13, 1), None);
    assert_eq!(day(0, 1, 1), None);
}

#[test]
fn cycles_end_when_the_rules_say() {
    let ends = |length: Length| -> Vec<Option<i32>> { (0..=length.a_year()).map(|at| length.end(2020, at)).collect() };
    assert_eq!(ends(Length::FourMonthly), [day(2020, 4, 30), day(2020, 8, 31), day(2020, 12, 31), None]);
    assert_eq!(ends(Length::Yearly), [day(2020, 12, 31), None]);
    assert_eq!(ends(Length::TwoMonthly)[..2], [day(2020, 2, 29), day(2020, 4, 30)]);
    assert_eq!(ends(Length::Monthly)[..2], [day(2020, 1, 31), day(2020, 2, 29)]);
    assert_eq!(ends(Length::Daily)[..2], [day(2020, 1, 1), day(2020, 1, 2)]);
    assert_eq!(ends(Length::Daily)[364..], [day(2020, 12, 31), None]);
}

#[test]
fn payment_is_due_on_an_open_day() {
    // 1 January 1970 was a Thursday.
    let open = |day: i32| !matches!((day + 3).rem_euclid(7), 5 | 6);
    let end = day(2020, 4, 30).expect("a date");
    // The eighth day after 30 April 2020 was Friday 8 May.
    assert_eq!(Due::DaysThenOpen(8).after(end, open).ok(), day(2020, 5, 8));
    // The eighth day after 31 August 2019 was Sunday 8 September.
    let end = day(2019, 8, 31).expect("a date");
    assert_eq!(Due::DaysThenOpen(8).after(end, open).ok(), day(2019, 9, 9));
    // Two and four business days after Saturday 31 August 2019.
    assert_eq!(Due::BusinessDays(2).after(end, open).ok(), day(2019, 9, 3));
    assert_eq!(Due::BusinessDays(4).after(end, open).ok(), day(2019, 9, 5));
    assert_eq!(Some(announce_by(end, 5)), day(2019, 8, 26));
    assert_eq!(
        Due::BusinessDays(1).after(end, |_| false).expect_err("refused").to_string(),
        "days without a business day 60 exceeds the limit of 59"
    );
}
