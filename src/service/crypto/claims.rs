//! The claims of a token as bytes: numbers in seven-bit groups (LEB128), in one encoding only.

use crate::domain::ids::{ClientNumber, OrganizationId, SecretNumber, Version};
use crate::domain::scope::ScopeSet;
use crate::domain::token::{Claims, Participant};

/// The bits of the claims' flags.
const HAS_ORGANIZATION: u64 = 1;
const HAS_PARTICIPANT: u64 = 2;
const IS_IMPERSONATED: u64 = 4;
const AT_HOST: u64 = 8;
const KNOWN_FLAGS: u64 = HAS_ORGANIZATION | HAS_PARTICIPANT | IS_IMPERSONATED | AT_HOST;

pub(crate) fn encode(claims: &Claims, out: &mut Vec<u8>) {
    let participant = claims.participant;
    let is_impersonated = participant.is_some_and(|participant| participant.impersonated);
    let flags = [
        (claims.organization.is_some(), HAS_ORGANIZATION),
        (participant.is_some(), HAS_PARTICIPANT),
        (is_impersonated, IS_IMPERSONATED),
        (claims.at_host, AT_HOST),
    ];
    let set = flags.iter().filter(|(is_set, _)| *is_set);
    let flags: u64 = set.map(|(_, flag)| flag).sum();
    write(out, flags);
    for number in [
        claims.client.0,
        claims.generation,
        claims.secret.0,
        claims.issued_at,
        claims.expires_at,
        claims.version.0,
    ] {
        write(out, number.cast_unsigned());
    }
    if let Some(organization) = claims.organization {
        write(out, organization.0.cast_unsigned());
    }
    if let Some(participant) = participant {
        write(out, participant.number);
        write(out, participant.generation);
    }
    out.extend(claims.scopes.positions());
}

/// Reads claims. Each value has one encoding. An unknown flag is refused, because it may stand for claims that this
/// code would misread.
pub(crate) fn decode(mut bytes: &[u8]) -> Option<Claims> {
    let from = &mut bytes;
    let flags = read(from)?;
    let is_lone = flags & IS_IMPERSONATED != 0 && flags & HAS_PARTICIPANT == 0;
    if flags & !KNOWN_FLAGS != 0 || is_lone {
        return None;
    }
    let (client, generation, secret) = (signed(from)?, signed(from)?, signed(from)?);
    let (issued_at, expires_at, version) = (signed(from)?, signed(from)?, signed(from)?);
    let organization = if flags & HAS_ORGANIZATION != 0 {
        Some(OrganizationId(signed(from)?))
    } else {
        None
    };
    let participant = if flags & HAS_PARTICIPANT != 0 {
        let (number, generation) = (read(from)?, read(from)?);
        Some(Participant {
            number,
            generation,
            impersonated: flags & IS_IMPERSONATED != 0,
        })
    } else {
        None
    };
    let at_host = flags & AT_HOST != 0;
    Some(Claims {
        client: ClientNumber(client),
        generation,
        secret: SecretNumber(secret),
        organization,
        participant,
        at_host,
        scopes: ScopeSet::of(bytes),
        issued_at,
        expires_at,
        version: Version(version),
    })
}

/// Writes a number in seven-bit groups, the lowest first.
fn write(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(low_byte(number) | 0x80);
        number >>= 7;
    }
    out.push(low_byte(number));
}

fn low_byte(number: u64) -> u8 {
    number.to_le_bytes()[0]
}

fn signed(from: &mut &[u8]) -> Option<i64> {
    read(from).map(u64::cast_signed)
}

fn read(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = from.split_first()?;
        *from = rest;
        let group = u64::from(byte & 0x7F);
        let is_padding = shift > 0 && byte == 0;
        if is_padding || shift == 63 && group > 1 {
            return None;
        }
        number |= group << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_keep_their_value(number: u64) {
            let mut out = Vec::new();
            write(&mut out, number);
            let mut from = out.as_slice();
            prop_assert_eq!(read(&mut from), Some(number));
            prop_assert!(from.is_empty());
        }
    }
}
