//! "Did you mean".

/// Returns the candidate that `word` was most likely meant to be, if one is near enough to be a slip of the fingers.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing takes as long as both are long together, multiplied.
    if word.len() > LONGEST {
        return None;
    }
    let candidates = candidates.into_iter().filter(|candidate| candidate.len() <= LONGEST);
    let near = |candidate: &&str| strsim::jaro_winkler(word, candidate);
    let best = candidates.max_by(|a, b| near(a).total_cmp(&near(b)))?;
    let slips = strsim::damerau_levenshtein(word, best);
    (slips <= 1 + word.chars().count() / 4 || near(&best) > 0.93).then_some(best)
}

/// How long in bytes is what anybody may have mistyped.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        assert_eq!(nearest("aws_vcp", ["aws_vpc", "aws_lb"]), Some("aws_vpc"));
        assert_eq!(nearest("cidr_bloc", ["vpc_id", "cidr_block"]), Some("cidr_block"));
        assert_eq!(nearest("banana", ["aws_vpc", "aws_lb"]), None);
    }
}
