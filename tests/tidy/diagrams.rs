//! The pictures in the documents show what the definitions say.

use asl::draw::Diagram;
use harness::{folders, read};

#[test]
fn pictures_of_workflows_are_current() {
    for name in folders("workflows") {
        let definition = read(format!("workflows/{name}/workflow.asl.json"));
        let definition = serde_json::from_str(&definition).unwrap();
        let drawn = Diagram::read(&definition).unwrap().titled(&name).svg(None);
        let picture = format!("workflows/{name}/workflow.svg");
        let command = format!("footwork render {name} --out {picture}");
        assert!(
            harness::root().join(&picture).exists() && read(&picture) == drawn,
            "{picture} is not what `{command}` draws"
        );
        let readme = read(format!("workflows/{name}/README.md"));
        assert!(
            readme.contains("](workflow.svg)") && readme.contains(&command),
            "workflows/{name}/README.md shows workflow.svg and names `{command}`"
        );
    }
}
