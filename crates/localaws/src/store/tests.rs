//! A file and the memory keep the same.

use bytes::Bytes;

use super::*;

#[test]
fn a_file_keeps_rows_and_blobs() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.sqlite");
    {
        let store = Store::open(&path).unwrap();
        let table = store.table::<Vec<u32>>("test.rows");
        table.put("a/1", vec![1]);
        table.put("a/2", vec![2]);
        table.put("b/1", vec![3]);
        table.update("a/1", |row| row.push(4));
        table.remove("a/2");
        store
            .blobs("test.blobs")
            .put("x", Bytes::from_static(b"\xff\x00"));
    }
    let store = Store::open(&path).unwrap();
    let table = store.table::<Vec<u32>>("test.rows");
    assert_eq!(table.scan("a/"), [("a/1".to_owned(), vec![1, 4])]);
    assert_eq!(table.len(), 2);
    assert!(!table.insert("b/1", vec![]));
    check_prefixes(&store.blobs("test.prefixes"));
    assert_eq!(
        store.blobs("test.blobs").get("x").unwrap(),
        &b"\xff\x00"[..]
    );
}

#[test]
fn memory_keeps_rows_and_blobs() {
    let store = Store::memory();
    let table = store.table::<u32>("test.rows");
    assert!(table.insert("a", 1));
    assert!(!table.insert("a", 2));
    assert_eq!(table.get("a"), Some(1));
    table.edit("b", |row| *row = Some(5));
    table.edit("a", |row| row.take());
    let mut seen = Vec::new();
    table.walk("", "a", |key, row| {
        seen.push((key.to_owned(), *row));
        true
    });
    assert_eq!(seen, [("b".to_owned(), 5)]);
    let blobs = store.blobs("test.blobs");
    blobs.put("x", Bytes::from_static(b"1"));
    blobs.remove("x");
    assert_eq!(blobs.get("x"), None);
    check_prefixes(&blobs);
}

fn check_prefixes(blobs: &Blobs) {
    for key in ["a#1", "b#2", "b#1", "c#1"] {
        blobs.put(key, Bytes::from_static(key.as_bytes()));
    }
    let keys = |prefix: &str| -> Vec<String> {
        blobs.scan(prefix).into_iter().map(|(key, _)| key).collect()
    };
    assert_eq!(keys("b#"), ["b#1", "b#2"]);
    blobs.remove_all("b#");
    assert_eq!(keys(""), ["a#1", "c#1"]);
}

#[tokio::test]
async fn what_is_settled_is_in_the_file_and_what_is_not_yet_is_read_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.sqlite");
    let store = Store::open(&path).unwrap();
    let (blobs, table) = (store.blobs("test.blobs"), store.table::<u32>("test.rows"));
    let mark = store.mark();
    store.settled(Mark::default()).await;
    for number in 0..1000_u32 {
        let key = format!("{}#{number}", number % 2);
        table.put(&key, number);
        blobs.put_later(&key, move || Bytes::from(number.to_string()));
        assert_eq!(blobs.get(&key).unwrap(), number.to_string());
    }
    blobs.remove_all("0#");
    blobs.put("0#again", Bytes::new());
    assert_eq!(blobs.get("0#2"), None);
    store.settled(mark).await;
    // As another process would find the file after a kill: nothing is closed here.
    let found = Store::open(&path).unwrap();
    assert_eq!(found.table::<u32>("test.rows").len(), 1000);
    let blobs = found.blobs("test.blobs");
    assert_eq!(blobs.scan("").len(), 501);
    assert_eq!(blobs.get("1#999").unwrap(), "999");
    assert_eq!(blobs.scan("0#"), [("0#again".to_owned(), Bytes::new())]);
}
