//! Patterns for names: `*` stands for any run of characters, `?` for one. Nothing else is special.

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob(String);

impl Glob {
    /// A pattern for stack names, or what is wrong with it.
    pub(super) fn for_stack_name(pattern: &str) -> Result<Self, String> {
        if pattern.is_empty() {
            return Err("the pattern is empty; `*` stands for every stack".to_owned());
        }
        if let Some(c) = pattern
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && !"-*?".contains(*c))
        {
            return Err(format!(
                "the pattern `{pattern}` holds `{c}`; stack names are made of letters, digits and `-`, \
                 and a pattern may add `*` (any run of characters) and `?` (one character)"
            ));
        }
        Ok(Self(pattern.to_owned()))
    }

    /// A pattern for any text.
    pub(super) fn for_text(pattern: &str) -> Self {
        Self(pattern.to_owned())
    }

    /// The name itself, if the pattern can match only one.
    pub(super) fn literal(&self) -> Option<&str> {
        (!self.0.contains(['*', '?'])).then_some(&self.0)
    }

    /// Whether the whole of a text matches. Remembers only the last `*`, which is enough and never backtracks further.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (pattern, text): (Vec<char>, Vec<char>) =
            (self.0.chars().collect(), text.chars().collect());
        let (mut p, mut t, mut star) = (0, 0, None);
        while let Some(c) = text.get(t) {
            match pattern.get(p) {
                Some('*') => {
                    star = Some((p, t));
                    p += 1;
                }
                Some(want) if *want == '?' || want == c => (p, t) = (p + 1, t + 1),
                _ => match star {
                    Some((at, from)) => {
                        star = Some((at, from + 1));
                        (p, t) = (at + 1, from + 1);
                    }
                    None => return false,
                },
            }
        }
        pattern.iter().skip(p).all(|c| *c == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_whole_names() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "shop", true),
            ("shop", "shop", true),
            ("shop", "shop-test", false),
            ("shop-*", "shop-test", true),
            ("shop-*", "shop", false),
            ("*-prod", "shop-prod", true),
            ("*-prod", "shop-prod-2", false),
            ("s?op", "shop", true),
            ("s?op", "sop", false),
            ("*a*b", "xaxbxab", true),
            ("*a*b", "xaxbxa", false),
            ("Shop", "shop", false),
        ] {
            assert_eq!(
                Glob::for_text(pattern).matches(text),
                expected,
                "{pattern} on {text}"
            );
        }
    }

    #[test]
    fn refuses_what_no_stack_name_can_match() {
        for pattern in ["", "prod-[", "pro.*", "a_b", "arn:aws"] {
            assert!(Glob::for_stack_name(pattern).is_err(), "{pattern}");
        }
        assert!(Glob::for_stack_name("prod-*-v?").is_ok());
    }
}
