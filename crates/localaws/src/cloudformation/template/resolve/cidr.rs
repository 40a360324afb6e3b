//! `Fn::Cidr`: the address blocks inside a block.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `count` blocks of `bits` host bits each (8 when not given), from the start of `block`.
pub(super) fn blocks(block: &str, count: &str, bits: Option<&str>) -> Result<Vec<String>, String> {
    let fault = || {
        format!(
            "Template error: Fn::Cidr cannot make {count} blocks of {} bits in {block}",
            bits.unwrap_or("8")
        )
    };
    let (address, prefix) = block.split_once('/').ok_or_else(fault)?;
    let address: IpAddr = address.parse().map_err(|_| fault())?;
    let prefix: u32 = prefix.parse().map_err(|_| fault())?;
    let count: u32 = count.trim().parse().map_err(|_| fault())?;
    let host: u32 = match bits {
        Some(bits) => bits.trim().parse().map_err(|_| fault())?,
        None => 8,
    };
    let (first, width) = match address {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    };
    let fits = prefix <= width && host <= width - prefix;
    if !fits || !(1..=256).contains(&count) {
        return Err(fault());
    }
    let room = (width - prefix) - host;
    if room < 32 && u64::from(count) > 1 << room {
        return Err(fault());
    }
    let size = 1u128.checked_shl(host).ok_or_else(fault)?;
    let mask = u128::MAX.checked_shl(width - prefix).unwrap_or(0);
    let first = first & mask;
    (0..count)
        .map(|n| {
            let start = first.checked_add(size * u128::from(n)).ok_or_else(fault)?;
            let length = width - host;
            if width == 32 {
                let start = u32::try_from(start).map_err(|_| fault())?;
                Ok(format!("{}/{length}", Ipv4Addr::from(start)))
            } else {
                Ok(format!("{}/{length}", Ipv6Addr::from(start)))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lie_side_by_side() {
        let expected = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"];
        assert_eq!(blocks("10.0.0.0/16", "3", Some("8")).unwrap(), expected);
        assert_eq!(
            blocks("10.0.0.0/24", "2", Some("5")).unwrap(),
            ["10.0.0.0/27", "10.0.0.32/27"]
        );
        assert_eq!(
            blocks("2001:db8:1234:1a00::/56", "2", Some("64")).unwrap(),
            ["2001:db8:1234:1a00::/64", "2001:db8:1234:1a01::/64"]
        );
        assert!(blocks("10.0.0.0/24", "9", Some("5")).is_err());
        assert!(blocks("10.0.0.0", "1", None).is_err());
    }
}
