//! One name a use case, the same in every folder.

use footwork::catalogue::USE_CASES;
use harness::{folders, read, root};

#[test]
fn a_use_case_has_the_same_name_everywhere() {
    let workflows = folders("workflows");
    assert!(!workflows.is_empty());
    assert_eq!(
        folders("functions"),
        workflows,
        "functions/ mirrors workflows/"
    );
    let listed: Vec<_> = USE_CASES.iter().map(|case| case.name).collect();
    assert_eq!(
        listed, workflows,
        "the catalogue of the program lists what workflows/ holds"
    );
    let readme = read("README.md");
    for name in &workflows {
        assert!(
            root().join(format!("templates/{name}.yaml")).is_file(),
            "templates/{name}.yaml"
        );
        for file in ["README.md", "workflow.asl.json", "input.schema.json"] {
            assert!(
                root().join(format!("workflows/{name}/{file}")).is_file(),
                "workflows/{name}/{file}"
            );
        }
        assert!(
            readme.contains(&format!("](workflows/{name}")),
            "README.md links workflows/{name}"
        );
    }
}

#[test]
fn the_catalogue_has_every_example() {
    for case in USE_CASES {
        let folder = root().join(format!("workflows/{}/examples", case.name));
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        files.sort();
        let listed: Vec<_> = case
            .examples
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        assert_eq!(listed, files, "{}", case.name);
    }
}
