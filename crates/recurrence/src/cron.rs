//! AWS's cron: minutes, hours, day of month, month, day of week (1 is Sunday), year.

use jiff::civil::{Date, time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::day::{Days, MonthDay, WeekDay};

const FIRST_YEAR: i16 = 1970;
const LAST_YEAR: i16 = 2199;
const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A parsed expression. Each field holds its values in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Cron {
    minutes: Vec<i16>,
    hours: Vec<i16>,
    days: Days,
    months: Vec<i16>,
    years: Vec<i16>,
}

impl Cron {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let fields: Vec<_> = text.split_whitespace().collect();
        let [minutes, hours, day, month, weekday, year] = fields.as_slice() else {
            return None;
        };
        // One of the two says nothing.
        let days = match (*day, *weekday) {
            ("?", "?") => return None,
            (day, "?") => Days::OfMonth(day.split(',').map(month_day).collect::<Option<_>>()?),
            ("?", weekday) => {
                Days::OfWeek(weekday.split(',').map(week_day).collect::<Option<_>>()?)
            }
            _ => return None,
        };
        Some(Self {
            minutes: values(minutes, 0, 59, &[])?,
            hours: values(hours, 0, 23, &[])?,
            days,
            months: values(month, 1, 12, &MONTHS)?,
            years: values(year, FIRST_YEAR, LAST_YEAR, &[])?,
        })
    }

    /// The first time after `after` on the clock of a zone.
    pub(crate) fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        // A day may begin before `after` and its times lie behind: they are left out below. The
        // day before is looked at too, because clocks set back make days overlap.
        let mut date = after
            .to_zoned(zone.clone())
            .date()
            .checked_sub(1.day())
            .ok()?;
        let last_year = self.years.last().copied()?;
        while date.year() <= last_year {
            if !self.years.contains(&date.year()) {
                date = Date::new(date.year() + 1, 1, 1).ok()?;
                continue;
            }
            if !self.months.contains(&i16::from(date.month())) {
                date = date.last_of_month().tomorrow().ok()?;
                continue;
            }
            if self.days.contain(date)
                && let Some(found) = self.times(date, zone).find(|time| *time > after)
            {
                return Some(found);
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    fn times(&self, date: Date, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
        let hours = self.hours.iter();
        let times = hours.flat_map(|hour| self.minutes.iter().map(move |minute| (hour, minute)));
        times.filter_map(move |(hour, minute)| {
            let clock = time(i8::try_from(*hour).ok()?, i8::try_from(*minute).ok()?, 0, 0);
            let there = zone.to_ambiguous_timestamp(date.to_datetime(clock));
            match there.offset() {
                AmbiguousOffset::Gap { .. } => None,
                _ => there.earlier().ok(),
            }
        })
    }
}

/// The values that a field names: `*`, `a`, `a-b`, `a/step`, `a-b/step`, `*/step`, in lists.
fn values(field: &str, least: i16, most: i16, names: &[&str]) -> Option<Vec<i16>> {
    let mut values = Vec::new();
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<i16>().ok()?)),
            None => (item, None),
        };
        let one = |text: &str| value(text, least, most, names);
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (one(from)?, one(to)?),
            None if range == "*" => (least, most),
            // `5/10` goes on to the end.
            None if step.is_some() => (one(range)?, most),
            None => (one(range)?, one(range)?),
        };
        let step = step.unwrap_or(1);
        if step < 1 || from > to {
            return None;
        }
        values.extend((from..=to).step_by(usize::from(step.unsigned_abs())));
    }
    values.sort_unstable();
    values.dedup();
    Some(values)
}

fn value(text: &str, least: i16, most: i16, names: &[&str]) -> Option<i16> {
    let upper = text.to_uppercase();
    let named = names.iter().position(|name| *name == upper);
    let value = match named {
        Some(at) => i16::try_from(at).ok()? + least,
        None => text.parse().ok()?,
    };
    (least..=most).contains(&value).then_some(value)
}

fn month_day(item: &str) -> Option<MonthDay> {
    match item {
        "L" => Some(MonthDay::Last),
        "LW" | "WL" => Some(MonthDay::LastWeekday),
        _ => match item.strip_suffix('W') {
            Some(day) => Some(MonthDay::Weekday(value(day, 1, 31, &[])?)),
            None => Some(MonthDay::Among(values(item, 1, 31, &[])?)),
        },
    }
}

fn week_day(item: &str) -> Option<WeekDay> {
    let one = |text: &str| value(text, 1, 7, &WEEKDAYS);
    if let Some((day, turn)) = item.split_once('#') {
        return Some(WeekDay::Nth(one(day)?, value(turn, 1, 5, &[])?));
    }
    match item.strip_suffix('L') {
        // Alone it is the last day of the week.
        Some("") => Some(WeekDay::Among(vec![7])),
        Some(day) => Some(WeekDay::Last(one(day)?)),
        None => Some(WeekDay::Among(values(item, 1, 7, &WEEKDAYS)?)),
    }
}
