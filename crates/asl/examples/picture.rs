use std::time::Instant;
fn main() {
    let mut args = std::env::args().skip(1);
    let form = args.next().unwrap();
    for path in args {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut run = None;
        if let Some(d) = value.get("definition").and_then(|d| d.as_str()) {
            let events = value["expected"]["events"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            run = Some(asl::draw::Run::from_history(&events));
            value = serde_json::from_str(d).unwrap();
        }
        let d = asl::draw::Diagram::read(&value).unwrap().titled(&path);
        let t = Instant::now();
        let out = match form.as_str() {
            "svg" => d.svg(run.as_ref()),
            "mermaid" => d.mermaid(run.as_ref()),
            "ascii" => d.text(
                run.as_ref(),
                asl::draw::TextOptions {
                    columns: 80,
                    ascii: true,
                },
            ),
            _ => d.text(run.as_ref(), Default::default()),
        };
        eprintln!("{path} {:?}", t.elapsed());
        if form == "svg" {
            let name = path.replace('/', "_").replace(".json", "");
            std::fs::write(format!("/tmp/draw/{name}.svg"), out).unwrap();
        } else {
            println!("{path}\n{out}");
        }
    }
}
