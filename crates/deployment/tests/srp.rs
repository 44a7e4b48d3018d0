//! The client's half of a proof, against a server's half written down here.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deployment::srp::{Challenge, Claim, Exchange, SECRET_BYTES};
use num_bigint::{BigInt, BigUint, Sign};
use ring::hmac;
use sha2::{Digest, Sha256};

const POOL: &str = "us-west-2_Pool";
const USER: &str = "user-id";
const PASSWORD: &str = "only-for-this-test";
const TIMESTAMP: &str = "Tue Nov 3 08:05:09 UTC 2026";
const SALT: &str = "e3b0c44298fc1c14";

/// A server that knows the verifier and not the password, as RFC 5054 has it.
struct Server {
    prime: BigUint,
    verifier: BigUint,
    secret: BigUint,
    public: BigUint,
}

impl Server {
    fn knowing(password: &str) -> Self {
        let prime = prime();
        let two = BigUint::from(2_u8);
        let inner = Sha256::digest(format!("Pool{USER}:{password}"));
        let salt = BigUint::parse_bytes(SALT.as_bytes(), 16).unwrap();
        let private = hashed(&[&padded(&salt), &inner]);
        let verifier = two.modpow(&private, &prime);
        let secret = BigUint::from(987_654_321_u64).pow(9);
        let multiplier = hashed(&[&padded(&prime), &padded(&two)]);
        let public = (multiplier * &verifier + two.modpow(&secret, &prime)) % &prime;
        Self {
            prime,
            verifier,
            secret,
            public,
        }
    }

    fn expects(&self, client: &str, block: &[u8]) -> String {
        let client = BigUint::parse_bytes(client.as_bytes(), 16).unwrap();
        let scrambling = hashed(&[&padded(&client), &padded(&self.public)]);
        let base = client * self.verifier.modpow(&scrambling, &self.prime) % &self.prime;
        let shared = base.modpow(&self.secret, &self.prime);
        let extracted = sign(&padded(&scrambling), &padded(&shared));
        let key = sign(&extracted, b"Caldera Derived Key\x01");
        let message = [b"Pool", USER.as_bytes(), block, TIMESTAMP.as_bytes()].concat();
        STANDARD.encode(sign(&key[..16], &message))
    }
}

/// 2^3072 - 2^3008 - 1 + 2^64 * (floor(2^2942 pi) + 1690314), of which the file has the digits: it is
/// known here by what it must be, an odd number of 3072 bits that the code agrees on with itself.
fn prime() -> BigUint {
    let text = include_str!("../src/srp.rs");
    let digits: String = text
        .lines()
        .map(|line| line.trim_end_matches(['\\', ';', '"']))
        .map(|line| line.rsplit('"').next().unwrap_or(line))
        .filter(|line| line.len() == 96 && line.chars().all(|one| one.is_ascii_hexdigit()))
        .collect();
    let prime = BigUint::parse_bytes(digits.as_bytes(), 16).unwrap();
    assert_eq!(prime.bits(), 3072);
    prime
}

fn proof(password: &str, server: &Server, random: [u8; SECRET_BYTES]) -> (String, String) {
    let exchange = Exchange::begin(random);
    let public = server.public.to_str_radix(16);
    let block = STANDARD.encode(b"a block");
    let challenge = Challenge {
        salt: SALT,
        public: &public,
        block: &block,
        user: USER,
    };
    let claim = Claim {
        pool: POOL,
        password,
        timestamp: TIMESTAMP,
    };
    let signature = exchange.signature(challenge, claim).unwrap();
    (exchange.public(), signature)
}

#[test]
fn a_server_that_knows_the_verifier_takes_the_proof_of_the_password_and_of_no_other() {
    let server = Server::knowing(PASSWORD);
    for first in [1, 0x7f, 0xff] {
        let random = [first; SECRET_BYTES];
        let (client, signature) = proof(PASSWORD, &server, random);
        assert_eq!(signature, server.expects(&client, b"a block"));
        let (client, signature) = proof("another", &server, random);
        assert_ne!(signature, server.expects(&client, b"a block"));
    }
}

#[test]
fn a_challenge_that_is_none_is_answered_with_no_proof() {
    let exchange = Exchange::begin([7; SECRET_BYTES]);
    let prime = prime().to_str_radix(16);
    let claim = Claim {
        pool: POOL,
        password: PASSWORD,
        timestamp: TIMESTAMP,
    };
    for (salt, public, block) in [
        ("no digits", "2", "YQ=="),
        (SALT, "0", "YQ=="),
        (SALT, prime.as_str(), "YQ=="),
        (SALT, "2", "no Base64!"),
    ] {
        let challenge = Challenge {
            salt,
            public,
            block,
            user: USER,
        };
        assert_eq!(exchange.signature(challenge, claim), None, "{salt} {block}");
    }
}

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
