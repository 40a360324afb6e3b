//! Which days of a month a cron expression means.

use jiff::civil::{Date, Weekday};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Days {
    OfMonth(Vec<MonthDay>),
    OfWeek(Vec<WeekDay>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MonthDay {
    Among(Vec<i16>),
    /// `L`
    Last,
    /// `15W`: the working day nearest to it, within the month.
    Weekday(i16),
    /// `LW`
    LastWeekday,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum WeekDay {
    Among(Vec<i16>),
    /// `6L`: the month's last Friday.
    Last(i16),
    /// `3#2`: the month's second Tuesday.
    Nth(i16, i16),
}

impl Days {
    pub(crate) fn contain(&self, date: Date) -> bool {
        match self {
            Self::OfMonth(items) => items.iter().any(|item| item.is(date)),
            Self::OfWeek(items) => items.iter().any(|item| item.is(date)),
        }
    }
}

impl MonthDay {
    fn is(&self, date: Date) -> bool {
        let (day, last) = (i16::from(date.day()), i16::from(date.days_in_month()));
        match self {
            Self::Among(days) => days.contains(&day),
            Self::Last => day == last,
            Self::Weekday(wanted) => *wanted <= last && nearest_weekday(date, *wanted) == day,
            Self::LastWeekday => nearest_weekday(date, last) == day,
        }
    }
}

impl WeekDay {
    fn is(&self, date: Date) -> bool {
        let weekday = i16::from(date.weekday().to_sunday_one_offset());
        let (day, last) = (i16::from(date.day()), i16::from(date.days_in_month()));
        match self {
            Self::Among(days) => days.contains(&weekday),
            Self::Last(wanted) => weekday == *wanted && day > last - 7,
            Self::Nth(wanted, turn) => weekday == *wanted && (day - 1) / 7 + 1 == *turn,
        }
    }
}

/// The working day nearest to a day of `date`'s month, never in another month.
fn nearest_weekday(date: Date, day: i16) -> i16 {
    let last = i16::from(date.days_in_month());
    let wanted = i8::try_from(day).ok();
    let wanted = wanted.and_then(|day| Date::new(date.year(), date.month(), day).ok());
    match wanted.map(Date::weekday) {
        Some(Weekday::Saturday) if day == 1 => 3,
        Some(Weekday::Saturday) => day - 1,
        Some(Weekday::Sunday) if day == last => day - 2,
        Some(Weekday::Sunday) => day + 1,
        _ => day,
    }
}
