//! A template on its way to AWS: its parameters, and the local files it names.
//!
//! Files are named as `aws cloudformation package` understands it, so the same template can be
//! deployed with the AWS CLI alone.

use std::ops::Range;

use document::Node;

use super::rules::{self, Rule};
use crate::failure::{Failure, Result};

/// A template's text and what the program needs to know of it.
#[derive(Debug)]
pub struct Template {
    text: String,
    /// Declared parameters.
    pub parameters: Vec<Parameter>,
    /// What values must be together.
    pub rules: Vec<Rule>,
    /// Local files that it names.
    pub assets: Vec<Asset>,
}

/// A declared parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type, such as `String` or `Number`.
    pub kind: String,
    /// The value it has when none is given; a parameter without one needs a value.
    pub default: Option<String>,
    /// The only values allowed, if it has such a list.
    pub allowed: Vec<String>,
    /// Regular expression that a whole value must match.
    pub pattern: Option<String>,
    /// What the pattern means, as the end of a sentence.
    pub constraint: Option<String>,
    /// Least and greatest value of a number.
    pub values: (Option<f64>, Option<f64>),
    /// Least and greatest length of a text, in characters.
    pub lengths: (Option<f64>, Option<f64>),
    /// What it is for.
    pub description: String,
    /// Its form, where the template names one.
    pub format: Option<String>,
}

/// A local file or folder that a template names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// As written, relative to the template's folder.
    pub path: String,
    /// How the uploaded object is written in its place.
    pub form: Form,
    span: Range<usize>,
}

/// How a resource type names an S3 object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `S3Bucket` and `S3Key`: a zip with a function's code.
    Code,
    /// `Bucket` and `Key`: a state machine's definition.
    Definition,
}

/// Where resource types name local files (a part of the list of `aws cloudformation package`).
const PLACES: &[(&str, &str, Form)] = &[
    ("AWS::Lambda::Function", "Code", Form::Code),
    (
        "AWS::StepFunctions::StateMachine",
        "DefinitionS3Location",
        Form::Definition,
    ),
];

impl Template {
    /// Reads a template.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document = cfn::read(text).map_err(|fault| {
            let fault = fault.placed(text);
            Failure::new(format!("the template `{name}` cannot be read: {fault}"))
        })?;
        let section = |name| document.get(name).map(Node::members).unwrap_or_default();
        let metadata = document.get("Metadata");
        let formats = metadata.and_then(|metadata| metadata.get("footwork::Formats"));
        let parameters = section("Parameters").iter().map(|member| {
            let format = formats.and_then(|formats| formats.get(&member.key)?.as_str());
            parameter(text, &member.key, &member.value, format)
        });
        let assets = section("Resources")
            .iter()
            .filter_map(|resource| asset(&resource.value));
        Ok(Self {
            parameters: parameters.collect(),
            rules: rules::read(section("Rules")),
            assets: assets.collect(),
            text: text.to_owned(),
        })
    }

    /// The text with each asset replaced by the place it was uploaded to, given in the order of
    /// [`Template::assets`].
    pub fn packaged(&self, bucket: &str, keys: &[String]) -> String {
        let mut text = self.text.clone();
        let mut places: Vec<_> = self.assets.iter().zip(keys).collect();
        places.sort_by_key(|(asset, _)| asset.span.start);
        // From the end, so that earlier spans stay right.
        for (asset, key) in places.into_iter().rev() {
            let place = match asset.form {
                Form::Code => format!("{{\"S3Bucket\": \"{bucket}\", \"S3Key\": \"{key}\"}}"),
                Form::Definition => format!("{{\"Bucket\": \"{bucket}\", \"Key\": \"{key}\"}}"),
            };
            text.replace_range(asset.span.clone(), &place);
        }
        text
    }
}

fn parameter(source: &str, name: &str, node: &Node, format: Option<&str>) -> Parameter {
    let scalar = |node: &Node| node.scalar(source).map(str::to_owned);
    let text = |key: &str| node.get(key).and_then(scalar);
    let number = |key: &str| text(key).and_then(|text| text.parse().ok());
    let allowed = node
        .get("AllowedValues")
        .map(Node::items)
        .unwrap_or_default();
    Parameter {
        name: name.to_owned(),
        kind: text("Type").unwrap_or_default(),
        default: text("Default"),
        allowed: allowed.iter().filter_map(scalar).collect(),
        pattern: text("AllowedPattern"),
        constraint: text("ConstraintDescription"),
        values: (number("MinValue"), number("MaxValue")),
        lengths: (number("MinLength"), number("MaxLength")),
        description: text("Description").unwrap_or_default(),
        format: format.map(str::to_owned),
    }
}

fn asset(resource: &Node) -> Option<Asset> {
    let kind = resource.get("Type")?.as_str()?;
    let (_, property, form) = PLACES.iter().find(|(place, ..)| *place == kind)?;
    let node = resource.get("Properties")?.get(property)?;
    Some(Asset {
        path: node.as_str()?.to_owned(),
        form: *form,
        span: node.span.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
Parameters:
  Schedule: # none by default
    Type: String
    Default: ''
  Level:
    Type: String
    AllowedValues: [low, high]
Resources:
  Plan:
    Type: 'AWS::Lambda::Function'
    Properties:
      Code: '../target/lambda/x' # built
      Role: !GetAtt Role.Arn
  Inline:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: x}
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionS3Location: ../workflows/x/workflow.asl.json
";

    #[test]
    fn assets_are_replaced_in_place() {
        let template = Template::parse("x", TEXT).unwrap();
        let paths: Vec<_> = template
            .assets
            .iter()
            .map(|asset| asset.path.as_str())
            .collect();
        assert_eq!(
            paths,
            ["../target/lambda/x", "../workflows/x/workflow.asl.json"]
        );
        let packaged = template.packaged("b", &["k1".to_owned(), "k2".to_owned()]);
        assert!(packaged.contains(r#"Code: {"S3Bucket": "b", "S3Key": "k1"} # built"#));
        assert!(packaged.contains(r#"DefinitionS3Location: {"Bucket": "b", "Key": "k2"}"#));
        assert_eq!(Template::parse("x", &packaged).unwrap().assets, []);
    }

    #[test]
    fn parameters_are_known() {
        let template = Template::parse("x", TEXT).unwrap();
        let required: Vec<_> = template
            .parameters
            .iter()
            .map(|p| (p.name.as_str(), p.default.is_none()))
            .collect();
        assert_eq!(required, [("Schedule", false), ("Level", true)]);
        assert_eq!(template.parameters[1].allowed, ["low", "high"]);
    }
}
