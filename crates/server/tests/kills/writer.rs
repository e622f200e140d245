//! One client that never gives up and forgets no acknowledgement.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use muster_server::clock::Chance;
use reqwest::header::{ETAG, IF_MATCH};
use serde_json::{Value, json};

use crate::record::Acknowledged;
use crate::server::Instance;

/// Every writer keeps to a grid of its own, so that only its own reports are like each other.
const AREAS: [&str; 8] = [
    "900102001001001",
    "900102001001002",
    "900102002002001",
    "900102002002002",
    "900102003001001",
    "900102003001002",
    "900103001001001",
    "900103001001002",
];
const BEGINNINGS: [&str; 6] = [
    "小区楼道里的自来水管漏水，地上都是水，老人进出很滑。",
    "路口的路灯坏了一个星期，晚上很黑，希望尽快修理。",
    "楼下烧烤店凌晨还在营业，油烟和噪音很大，无法休息。",
    "医保报销的材料交了一个月没有回音，想问什么时候到账。",
    "工地欠我们三个月的工资，老板电话打不通。",
    "公交车站的站牌倒了，压在盲道上，没法走路。",
];
const TAIL: &str = "东西南北上下左右前后里外春夏秋冬早午晚夜红黄蓝绿黑白大小高低长短新旧门窗桥路灯树花草石水火土木金";
/// A request that finds no answer for so long will never find one.
const PATIENCE: Duration = Duration::from_mins(3);

pub(crate) struct Writer {
    n: usize,
    seed: u64,
    sent: usize,
    chance: Chance,
    http: reqwest::Client,
    instance: Arc<Instance>,
    stop: Arc<AtomicBool>,
    done: Acknowledged,
}

struct Answer {
    status: u16,
    etag: String,
    body: Value,
}

/// A key without digits, which intake would take for a telephone number and hide.
fn in_letters(key: &str) -> String {
    key.chars().map(|c| c.to_digit(10).map_or(c, |digit| char::from(b'g' + digit as u8))).collect()
}

impl Writer {
    pub(crate) fn new(n: usize, seed: u64, instance: &Arc<Instance>, stop: &Arc<AtomicBool>) -> Self {
        Self {
            n,
            seed,
            sent: 0,
            chance: Chance::seeded(seed.wrapping_add(1 + n as u64)),
            http: muster_server::send::http().unwrap().timeout(Duration::from_secs(20)).build().unwrap(),
            instance: Arc::clone(instance),
            stop: Arc::clone(stop),
            done: Acknowledged::default(),
        }
    }

    fn draw(&self, below: usize) -> usize {
        (u64::from_le_bytes(self.chance.bytes()) % below as u64) as usize
    }

    /// Works until told to stop, and finishes what it has begun.
    pub(crate) async fn work(mut self) -> Acknowledged {
        while !self.stop.load(Ordering::SeqCst) {
            let words: Vec<char> = TAIL.chars().collect();
            let tail: String = (0..60).map(|_| words[self.draw(words.len())]).collect();
            let text = format!("{}{tail}", BEGINNINGS[self.draw(BEGINNINGS.len())]);
            let code = self.report(&text).await;
            if self.draw(4) == 0 {
                self.report(&text).await;
            }
            // Some stay where they are, so that every state is met.
            for (step, share) in [("triage", 9), ("accept", 7), ("answer", 8)] {
                if self.draw(10) >= share || !self.act(step, &code).await {
                    break;
                }
            }
        }
        self.done
    }

    /// Reports under a new key until the report is acknowledged.
    async fn report(&mut self, text: &str) -> String {
        self.sent += 1;
        let key = in_letters(&format!("kills-{:08x}-{}-{:06}", self.seed, self.n, self.sent));
        let body = json!({ "area": AREAS[self.n], "text": text, "place": key, "name": "王秀英" });
        let begun = Instant::now();
        loop {
            let asked = self.http.post(self.url("/api/v1/reports")).header("idempotency-key", &key).json(&body);
            if let Some(answer) = self.send(asked).await {
                assert_eq!(answer.status, 201, "{key}: {}", answer.body);
                let code = answer.body["code"].as_str().unwrap().to_owned();
                self.done.reports.push((key, code.clone()));
                return code;
            }
            assert!(begun.elapsed() < PATIENCE, "{key} found no answer");
        }
    }

    /// Brings a case one step further. After a broken connection nobody knows whether it happened: the case is asked.
    async fn act(&mut self, step: &'static str, code: &str) -> bool {
        let path = format!("/api/v1/cases/{code}");
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "{step} of {code} found no answer");
            let operator = self.instance.operator.clone();
            let Some(case) = self.send(self.http.get(self.url(&path)).bearer_auth(&operator)).await else { continue };
            assert_eq!(case.status, 200, "{code} was acknowledged: {}", case.body);
            let state = case.body["state"].as_str().unwrap();
            let waits = match step {
                "triage" => state == "triage",
                "accept" => state == "assigned",
                _ => matches!(state, "assigned" | "working"),
            };
            if !waits {
                return true;
            }
            let unit = case.body["unit"]["id"].as_str().or(case.body["unit"].as_str());
            let handler = unit.and_then(|unit| self.instance.handlers.get(&unit.parse().unwrap()).cloned());
            let (token, body) = match (step, handler) {
                ("triage", _) => (operator, json!({ "category": "0101", "unit": self.unit() })),
                (_, None) => return false,
                ("accept", Some(token)) => (token, json!({})),
                (_, Some(token)) => {
                    (token, json!({ "outcome": "fixed", "text": "已处理完毕。", "evidence": "现场记录" }))
                }
            };
            let asked = self.http.post(self.url(&format!("{path}/{step}"))).bearer_auth(token);
            let Some(answer) = self.send(asked.header(IF_MATCH, &case.etag).json(&body)).await else { continue };
            match answer.status {
                200 => {
                    self.done.acts.push((code.to_owned(), step));
                    return true;
                }
                // The case changed since it was read.
                409 | 412 => {}
                other => panic!("{step} of {code}: {other} {}", answer.body),
            }
        }
    }

    /// Some unit that someone acts for; always the same one.
    fn unit(&self) -> String {
        self.instance.handlers.keys().min().unwrap().to_string()
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.instance.port.load(Ordering::SeqCst))
    }

    /// `None` when the connection broke or the server asks to come again. Any other failure of the server is a fault.
    async fn send(&mut self, asked: reqwest::RequestBuilder) -> Option<Answer> {
        let answered = async {
            let answer = asked.send().await?;
            let status = answer.status().as_u16();
            let etag = answer.headers().get(ETAG).map_or_else(String::new, |tag| tag.to_str().unwrap().to_owned());
            Ok::<_, reqwest::Error>((status, etag, answer.text().await?))
        };
        match answered.await {
            Ok((status, etag, body)) if status != 503 => {
                assert!(status < 500, "{status} {body}");
                Some(Answer { status, etag, body: serde_json::from_str(&body).unwrap_or(Value::String(body)) })
            }
            _ => {
                self.done.broken += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
                None
            }
        }
    }
}
