//! Path templates of REST operations: `/{Bucket}/{Key+}?tagging`.

use super::form;

/// A template, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    segments: Vec<Segment>,
    /// Whether clients write a slash at the end.
    slash: bool,
    /// Query parameters that belong to the operation's address; without a value any will do.
    pub(crate) query: Vec<(&'static str, Option<&'static str>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(&'static str),
    Label(&'static str),
    /// Takes the rest of the path, slashes and all.
    Greedy(&'static str),
}

/// What a path gave for the labels.
pub(crate) type Labels = Vec<(&'static str, String)>;

impl Template {
    pub(crate) fn parse(uri: &'static str) -> Self {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let segment =
            |text: &'static str| match text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
                Some(label) => match label.strip_suffix('+') {
                    Some(greedy) => Segment::Greedy(greedy),
                    None => Segment::Label(label),
                },
                None => Segment::Literal(text),
            };
        let pair = |part: &'static str| match part.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (part, None),
        };
        Self {
            slash: path.ends_with('/'),
            segments: path
                .split('/')
                .skip(1)
                .filter(|s| !s.is_empty())
                .map(segment)
                .collect(),
            query: query
                .split('&')
                .filter(|p| !p.is_empty())
                .map(pair)
                .collect(),
        }
    }

    /// Matches a path as it came, still percent-encoded. Labels come out decoded.
    pub(crate) fn matches(&self, path: &str) -> Option<Labels> {
        let mut rest = path.strip_prefix('/').unwrap_or(path);
        let mut labels = Labels::new();
        for (index, segment) in self.segments.iter().enumerate() {
            if let Segment::Greedy(name) = segment {
                // A greedy label may stand before literals: they are the path's last segments.
                let after = self.segments.len() - index - 1;
                let mut cut = rest.len();
                for _ in 0..after {
                    cut = rest.get(..cut)?.rfind('/')?;
                }
                let taken = rest.get(..cut)?;
                if taken.is_empty() {
                    return None;
                }
                labels.push((name, form::decode(taken, false)));
                rest = rest.get(cut..)?;
                rest = rest.strip_prefix('/').unwrap_or(rest);
                continue;
            }
            let (head, tail) = rest.split_once('/').unwrap_or((rest, ""));
            match segment {
                Segment::Literal(literal) if form::decode(head, false) == *literal => {}
                Segment::Label(name) if !head.is_empty() => {
                    labels.push((name, form::decode(head, false)));
                }
                _ => return None,
            }
            rest = tail;
        }
        rest.is_empty().then_some(labels)
    }

    /// How exactly the template says what it wants: literals before labels before greedy ones.
    pub(crate) fn rank(&self) -> Vec<u8> {
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => 3,
            Segment::Label(_) => 2,
            Segment::Greedy(_) => 1,
        };
        self.segments.iter().map(rank).collect()
    }

    /// A path with the labels filled in; fails with the name of a label that is empty.
    pub(crate) fn fill(
        &self,
        mut label: impl FnMut(&'static str) -> Option<String>,
    ) -> Result<String, &'static str> {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            let (name, keep): (_, &[u8]) = match segment {
                Segment::Literal(text) => {
                    path.push_str(text);
                    continue;
                }
                Segment::Label(name) => (name, b""),
                Segment::Greedy(name) => (name, b"/"),
            };
            let value = label(name).filter(|text| !text.is_empty()).ok_or(*name)?;
            path.push_str(&form::encode(&value, keep));
        }
        if self.slash || path.is_empty() {
            path.push('/');
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greedy_labels_and_literals_behind_them() {
        let object = Template::parse("/{Bucket}/{Key+}?tagging");
        assert_eq!(
            object.matches("/b/a/c%20d"),
            Some(vec![("Bucket", "b".into()), ("Key", "a/c d".into())])
        );
        assert_eq!(object.matches("/b/"), None);
        let tail = Template::parse("/tags/{Arn+}/list");
        assert_eq!(tail.matches("/tags/a/b/list").unwrap()[0].1, "a/b");
        assert_eq!(tail.matches("/tags/list"), None);
        let bucket = Template::parse("/{Bucket}");
        assert!(bucket.matches("/b/").is_some());
        assert_eq!(bucket.fill(|_| Some("ä".into())), Ok("/%C3%A4".into()));
    }
}
