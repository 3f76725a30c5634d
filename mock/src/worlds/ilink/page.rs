//! The page of a code, which stands in for the phone: what a person would do there is done here.

use super::scan::{NAMED, Scan};
use super::world::World;
use crate::gateway::{Answer, Engine, Received};
use qrcode::QrCode;
use qrcode::render::svg;
use serde_json::json;
use std::sync::Arc;

impl World {
    /// The code, what has become of it, and what may be done.
    pub(super) fn page(&self, call: &Received, engine: &Engine) -> Answer {
        let key = call.text("qrcode").unwrap_or_default();
        let mut state = self.lock();
        let Some(code) = state.code(Some(&key)) else {
            return Answer::raw(404, "text/plain; charset=utf-8", "no such code\n");
        };
        let status = code.shown(self.settings.scan_takes, engine.now());
        let (key, scan) = (code.key.clone(), code.scan.clone());
        let url = format!("http://{}/__mock/code?qrcode={key}", engine.host(0));
        let picture = QrCode::new(&url).map(|code| code.render::<svg::Color<'_>>().build());
        let buttons =
            NAMED.map(|(name, _)| format!(r#"<button name="as" value="{name}">{name}</button>"#));
        let digits = match scan {
            Scan::Digits(digits) => format!(
                "<p>The phone shows the digits <b>{digits}</b>: type them into the client.</p>"
            ),
            _ => String::new(),
        };
        let page = format!(
            r#"<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3;url={url}"><title>{status}</title>
<h1>{status}</h1><p>This page is the phone of whoever logs in with <code>{key}</code>.</p>
{picture}{digits}
<form method="post" action="/__mock/scan?qrcode={key}">{buttons}</form>
<form method="post" action="/__mock/scan?qrcode={key}"><input name="digits" value="1234" pattern="[0-9]+" maxlength="12"> <button>wants these digits</button></form>
"#,
            picture = picture.unwrap_or_default(),
            buttons = buttons.concat(),
        );
        Answer::raw(200, "text/html; charset=utf-8", page)
    }

    /// Somebody does something about a code, on its page or from any language.
    pub(super) fn scanned_by_hand(&self, call: &Received, engine: &Arc<Engine>) -> Answer {
        let key = call.text("qrcode");
        let scan = match call.text("digits") {
            Some(digits) => format!("digits={digits}").parse(),
            None => call.text("as").unwrap_or_default().parse::<Scan>(),
        };
        let scan = match scan {
            Ok(scan) => scan,
            Err(why) => return wrong(&why),
        };
        if !self.scan_code(key.as_deref(), scan, engine) {
            return wrong("no such code");
        }
        // A browser goes back to the page.
        let page = format!("/__mock/code?qrcode={}", key.unwrap_or_default());
        match call.raw().starts_with('{') {
            true => done(),
            false => Answer::raw(303, "text/plain", "").header("location", page),
        }
    }

    /// How the codes to come are scanned.
    pub(super) fn scans_to_come(&self, call: &Received) -> Answer {
        let scans = call.list("next").into_iter();
        match scans
            .map(|scan| scan.parse())
            .collect::<Result<Vec<Scan>, String>>()
        {
            Ok(scans) => {
                self.lock().scans = scans;
                done()
            }
            Err(why) => wrong(&why),
        }
    }

    /// The session is over, for whoever holds its token.
    pub(super) fn expire(&self) -> Answer {
        if let Some(session) = &mut self.lock().session {
            session.expired = true;
        }
        self.written.notify_waiters();
        done()
    }
}

fn done() -> Answer {
    Answer::json(json!({ "ok": true }))
}

fn wrong(why: &str) -> Answer {
    Answer::raw(400, "application/json", json!({ "error": why }).to_string())
}
