//! Layouts of YAML: what changes, what stays, what is refused.

use super::format_yaml;

#[test]
fn fields_are_put_in_order_and_comments_stay() {
    let written = "\
# A licence.

# About the start.
StartAt: A   # first
Comment: c


States:
      A: # one
          End: true
          Type: Pass # nothing
          # Its output.
          Output:
            - a: 1
              b: {x: [1,
                      2]} # flow
            # second
            -   |
                two
                  lines

                # no comment
            - - x
              - 'y
                z'
          # the end of A

      # Two.
      B:
          Type: Succeed
          Comment: >-
             folded
             text
# Tail.
";
    let expected = "\
# A licence.

Comment: c
# About the start.
StartAt: A # first

States:
  A: # one
    Type: Pass # nothing
    # Its output.
    Output:
      - a: 1
        b: {x: [1,
                2]} # flow
      # second
      - |
        two
          lines

        # no comment
      - - x
        - 'y
          z'
    End: true
    # the end of A

  # Two.
  B:
    Type: Succeed
    Comment: >-
      folded
      text
# Tail.
";
    let laid_out = format_yaml(written).unwrap();
    assert_eq!(laid_out, expected, "{laid_out}");
    assert_eq!(format_yaml(expected).unwrap(), expected);
}

#[test]
fn rare_forms_are_kept_or_refused() {
    for text in [
        "a: |+\n  x\n\n\nb: 1\n",
        "a: &x\n  k: v\nb: *x\n",
        "--- # start\na: 1\n...\n",
        "a: # why\n  # and\n  text\nb:\n",
        "a: |2\n   x\nb: !!str 1\n",
        "{a: 1,\n b: 2}\n",
        "a:\n  -\n  - 1\n",
    ] {
        assert_eq!(format_yaml(text).as_deref(), Ok(text));
    }
    // The alias would come before its anchor.
    let refused = "StartAt: A\nStates: {}\nTimeoutSeconds: &x 1\nComment: *x\n";
    assert!(format_yaml(refused).is_err());
    assert!(format_yaml("a: [").is_err());
    assert!(format_yaml("").is_err());
}
