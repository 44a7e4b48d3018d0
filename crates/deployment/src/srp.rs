//! Proving a password to Cognito without sending it: the client's half of SRP, as Amazon Cognito's
//! own client libraries do it (RFC 5054's prime of 3072 bits, generator 2, SHA-256).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use num_bigint::{BigInt, BigUint, Sign};
use ring::hmac;
use sha2::{Digest, Sha256};

/// The prime of RFC 5054, appendix A, of 3072 bits.
const PRIME: &[u8] = b"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";
/// What Cognito derives the key with.
const LABEL: &[u8] = b"Caldera Derived Key\x01";
const KEY_BYTES: usize = 16;
/// Bytes of a client's secret number.
pub const SECRET_BYTES: usize = 128;

/// One sign-in, begun with a secret number that is good for this one alone.
pub struct Exchange {
    prime: BigUint,
    secret: BigUint,
    public: BigUint,
}

/// What the service answers to the beginning.
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    /// `SALT`, hexadecimal.
    pub salt: &'a str,
    /// `SRP_B`, hexadecimal.
    pub public: &'a str,
    /// `SECRET_BLOCK`, Base64.
    pub block: &'a str,
    /// `USER_ID_FOR_SRP`.
    pub user: &'a str,
}

/// Who proves what, and when.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The pool's id, such as `us-west-2_abc`.
    pub pool: &'a str,
    /// The password.
    pub password: &'a str,
    /// `Tue Nov 3 08:05:09 UTC 2026`: English, the day without a zero before it.
    pub timestamp: &'a str,
}

impl Exchange {
    /// Begins one with random bytes of the machine.
    pub fn begin(random: [u8; SECRET_BYTES]) -> Self {
        let prime = BigUint::parse_bytes(PRIME, 16).unwrap_or_default();
        let secret = BigUint::from_bytes_be(&random) % &prime;
        let public = BigUint::from(2_u8).modpow(&secret, &prime);
        Self {
            prime,
            secret,
            public,
        }
    }

    /// `SRP_A`, hexadecimal.
    pub fn public(&self) -> String {
        self.public.to_str_radix(16)
    }

    /// `PASSWORD_CLAIM_SIGNATURE`; nothing where the challenge is none that a service may make.
    pub fn signature(&self, challenge: Challenge<'_>, claim: Claim<'_>) -> Option<String> {
        let block = STANDARD.decode(challenge.block).ok()?;
        let key = self.key(challenge, claim)?;
        // The name of a pool is its id without the Region.
        let name = claim.pool.split_once('_').map(|(_, name)| name)?;
        let message = [
            name.as_bytes(),
            challenge.user.as_bytes(),
            &block,
            claim.timestamp.as_bytes(),
        ]
        .concat();
        Some(STANDARD.encode(sign(&key, &message)))
    }

    fn key(&self, challenge: Challenge<'_>, claim: Claim<'_>) -> Option<Vec<u8>> {
        let number = |digits: &str| BigUint::parse_bytes(digits.as_bytes(), 16);
        let (theirs, salt) = (number(challenge.public)?, number(challenge.salt)?);
        let zero = BigUint::ZERO;
        if &theirs % &self.prime == zero {
            return None;
        }
        let generator = BigUint::from(2_u8);
        let multiplier = hashed(&[&padded(&self.prime), &padded(&generator)]);
        let scrambling = hashed(&[&padded(&self.public), &padded(&theirs)]);
        if scrambling == zero {
            return None;
        }
        let name = claim.pool.split_once('_').map(|(_, name)| name)?;
        let who = format!("{name}{}:{}", challenge.user, claim.password);
        let inner = Sha256::digest(who.as_bytes());
        let private = hashed(&[&padded(&salt), &inner]);
        let known = multiplier * generator.modpow(&private, &self.prime) % &self.prime;
        let base = (theirs + &self.prime - known) % &self.prime;
        let exponent = &self.secret + &scrambling * private;
        let shared = base.modpow(&exponent, &self.prime);
        let extracted = sign(&padded(&scrambling), &padded(&shared));
        Some(sign(&extracted, LABEL)[..KEY_BYTES].to_vec())
    }
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Exchange")
    }
}

/// As the libraries write a number: with a zero byte before a first bit that is set.
fn padded(number: &BigUint) -> Vec<u8> {
    BigInt::from_biguint(Sign::Plus, number.clone()).to_signed_bytes_be()
}

fn hashed(parts: &[&[u8]]) -> BigUint {
    BigUint::from_bytes_be(&Sha256::digest(parts.concat()))
}

fn sign(key: &[u8], message: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, message).as_ref().to_vec()
}
