//! AWS on the wire: answers as the services give them, and what the port makes of each.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use deployment::aws::AwsCloud;

/// One answer: status and body.
#[derive(Clone, Debug)]
pub(crate) struct Answer(pub(crate) u16, pub(crate) String);

/// A service that gives these answers in their order, and keeps what it was asked.
#[derive(Debug)]
pub(crate) struct Service {
    asked: Arc<Mutex<Vec<String>>>,
    port: u16,
}

impl Service {
    /// Answers on a port of its own until the test ends.
    pub(crate) fn that_answers(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        thread::spawn(move || {
            let mut answers = VecDeque::from(answers);
            for stream in listener.incoming() {
                let Some(answer) = answers.pop_front() else {
                    return;
                };
                let mut stream = stream.unwrap();
                kept.lock().unwrap().push(read(&mut stream));
                write(&mut stream, &answer);
            }
        });
        Self { asked, port }
    }

    /// The port of a deployment over this service.
    pub(crate) async fn cloud(&self) -> AwsCloud {
        let address = format!("http://127.0.0.1:{}", self.port);
        AwsCloud::emulated(&address, "eu-west-1", "111122223333").await
    }

    /// The bodies of the requests.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut some = [0; 4096];
    loop {
        let count = stream.read(&mut some).unwrap();
        bytes.extend_from_slice(&some[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let line = line.to_lowercase();
            line.strip_prefix("content-length: ")?.parse::<usize>().ok()
        });
        if body.len() >= length.unwrap_or_default() {
            return body.to_owned();
        }
    }
}

fn write(stream: &mut TcpStream, Answer(status, body): &Answer) {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
}

/// A refusal in the query protocol, which STS and CloudFormation speak.
pub(crate) fn refusal(code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>\
         </Error><RequestId>1</RequestId></ErrorResponse>"
    );
    Answer(400, body)
}
