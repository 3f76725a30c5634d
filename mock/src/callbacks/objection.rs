//! Whether an answer with a good status says that all is not well, as receivers do that always answer 200.

use serde_json::Value;

/// Words by which an error text is known.
const WORDS: [&str; 15] = [
    "error",
    "fail",
    "invalid",
    "unsupported",
    "exception",
    "missing",
    "denied",
    "refused",
    "expected",
    "错误",
    "失败",
    "无效",
    "不支持",
    "缺少",
    "异常",
];

/// What an answer says against what was posted, if anything.
pub(super) fn of(answer: &str) -> Option<String> {
    let answer = answer.trim();
    match serde_json::from_str(answer) {
        Ok(Value::Object(members)) => {
            let says_no = |key: &&str| members.get(*key) == Some(&Value::Bool(false));
            let has = |key: &&str| match members.get(*key) {
                None | Some(Value::Null | Value::Bool(false)) => false,
                Some(Value::String(text)) => !text.is_empty(),
                Some(Value::Number(number)) => number.as_i64() != Some(0),
                Some(Value::Array(elements)) => !elements.is_empty(),
                Some(_) => true,
            };
            let key = ["success", "ok"].iter().find(|key| says_no(key));
            let key = key.or_else(|| ["error", "errors", "err"].iter().find(|key| has(key)))?;
            Some(format!("`{key}` says that it was not taken"))
        }
        Ok(Value::String(text)) => in_words(&text),
        Ok(Value::Bool(false)) => Some("says false".to_owned()),
        Ok(_) => None,
        Err(_) => in_words(answer),
    }
}

fn in_words(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let word = WORDS.iter().find(|word| lower.contains(**word))?;
    Some(format!("its text says `{word}`"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn an_error_text_is_known_by_its_looks() {
        for good in [
            "",
            "success",
            "ok",
            "OK\n",
            "{}",
            "[]",
            "1",
            "true",
            r#"{"code":1}"#,
            r#"{"error":null,"errors":[]}"#,
        ] {
            assert_eq!(of(good), None, "{good}");
        }
        for bad in [
            "Unsupported content type",
            "multipart/form-data expected",
            "参数错误",
            r#""invalid data""#,
            "false",
            r#"{"error":"no field data"}"#,
            r#"{"success":false}"#,
            r#"{"ok":false,"error":""}"#,
        ] {
            assert!(of(bad).is_some(), "{bad}");
        }
    }
}
