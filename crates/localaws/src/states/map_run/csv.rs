//! Rows of a CSV file as items: objects by header, every value a text.

use serde_json::{Map, Value};

/// Splits a text into records of fields. Fields may be quoted; quotes inside are doubled. Empty
/// lines are no records.
pub(super) fn records(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record: Vec<String> = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => end_record(&mut records, &mut record, &mut field),
            c if c == delimiter && !quoted => record.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    end_record(&mut records, &mut record, &mut field);
    records
}

fn end_record(records: &mut Vec<Vec<String>>, record: &mut Vec<String>, field: &mut String) {
    if !record.is_empty() || !field.is_empty() {
        record.push(std::mem::take(field));
        records.push(std::mem::take(record));
    }
}

/// Makes an item of each record: what a record lacks is empty, what it has too much is dropped.
pub(super) fn items(headers: &[String], records: &[Vec<String>]) -> Result<Vec<Value>, String> {
    let order = java_order(headers);
    if (1..order.len()).any(|at| order[..at].contains(&order[at])) {
        return Err("CSV headers cannot contain duplicates.".to_owned());
    }
    let item = |record: &Vec<String>| {
        let member = |header: &&String| {
            let at = headers.iter().position(|other| other == *header);
            let value = at.and_then(|at| record.get(at));
            (
                (*header).clone(),
                Value::from(value.cloned().unwrap_or_default()),
            )
        };
        Value::Object(order.iter().map(member).collect::<Map<_, _>>())
    };
    Ok(records.iter().map(item).collect())
}

/// The order in which a Java `HashMap` lists the headers, which is how AWS writes the items.
fn java_order(headers: &[String]) -> Vec<&String> {
    let mut buckets = 16;
    while headers.len() * 4 > buckets * 3 {
        buckets *= 2;
    }
    let bucket = |text: &&String| {
        let units = text.encode_utf16();
        let hash = units.fold(0_u32, |hash, unit| {
            hash.wrapping_mul(31).wrapping_add(u32::from(unit))
        });
        (hash ^ (hash >> 16)) as usize & (buckets - 1)
    };
    let mut order: Vec<&String> = headers.iter().collect();
    order.sort_by_key(bucket);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let mut records = records(text, ',');
        let headers = records.remove(0);
        Value::from(items(&headers, &records).unwrap()).to_string()
    }

    #[test]
    fn items_are_as_recorded() {
        let text = "0,True,{}\nValue4,Value5,Value6\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n";
        let items = r#"[{"0":"Value4","{}":"Value6","True":"Value5"},{"0":"","{}":"","True":""},{"0":"true","{}":"'HelloWorld'","True":"1"},{"0":"Null","{}":"","True":"None"},{"0":"   ","{}":"","True":""}]"#;
        assert_eq!(read(text), items);
        assert_eq!(
            read("H1,\nValue4,Value5,Value6\n"),
            r#"[{"":"Value5","H1":"Value4"}]"#
        );
    }

    #[test]
    fn quotes_hold_delimiters_and_line_ends() {
        assert_eq!(
            read("a\r\n\"x, \"\"y\"\"\nz\"\r\n"),
            r#"[{"a":"x, \"y\"\nz"}]"#
        );
    }

    #[test]
    fn duplicate_headers_are_refused() {
        let headers = ["H1", "H1"].map(str::to_owned);
        assert!(items(&headers, &[]).is_err());
    }
}
