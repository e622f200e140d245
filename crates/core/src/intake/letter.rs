//! A letter as it comes by e-mail: what its writer says in it, without what a mail program put around.
//!
//! Conservative: what is not surely history or a signature stays, and a letter that would become empty stays whole.

/// Marks of a reply or of something passed on, in front of a subject.
const MARKS: [&str; 9] = ["re", "fw", "fwd", "aw", "回复", "答复", "转发", "回覆", "轉寄"];
/// Lines by which mail programs begin the letter that is answered.
const HISTORY: [&str; 6] = [
    "-----original message-----",
    "----- original message -----",
    "-----邮件原件-----",
    "----- 原始邮件 -----",
    "-----原始邮件-----",
    "原始邮件",
];
/// Lines that telephones add by themselves.
const SENT_FROM: [&str; 6] = ["sent from my ", "get outlook for ", "发自我的", "来自我的", "从我的", "发送自 "];
/// The longest line that is taken for one of those.
const SHORT: usize = 40;

/// A subject without `Re:`, `转发：` and the like.
pub fn subject(line: &str) -> String {
    let mut rest = line.trim();
    while let Some((mark, after)) = rest.split_once([':', '：']) {
        let is_mark = MARKS.contains(&mark.trim().to_lowercase().as_str());
        if !is_mark {
            break;
        }
        rest = after.trim();
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of the letter itself.
pub fn body(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().collect();
    let end =
        (0..lines.len()).find(|at| begins_history(&lines, *at) || lines[*at].trim_end() == "--").unwrap_or(lines.len());
    let mut kept = &lines[..end];
    while let [before @ .., last] = kept
        && (last.trim().is_empty() || last.trim_start().starts_with('>') || is_sent_from(last))
    {
        kept = before;
    }
    let said = kept.join("\n").trim().to_owned();
    if said.is_empty() { text.trim().to_owned() } else { said }
}

fn begins_history(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim().trim_start_matches('>').trim();
    let low = line.to_lowercase();
    let bare = low.trim_matches(['-', '_', ' ']);
    let ruled = low.starts_with("--") && low.ends_with("--");
    if HISTORY.contains(&low.as_str()) || ruled && HISTORY.contains(&bare) {
        return true;
    }
    // "On …, … wrote:", "在 …，… 写道：", also over two lines.
    let two = format!("{low} {}", lines.get(at + 1).map(|next| next.trim().to_lowercase()).unwrap_or_default());
    let ends =
        |line: &str| ["wrote:", "写道:", "写道：", "寫道：", "寫道:"].iter().any(|end| line.trim_end().ends_with(end));
    let begins = low.starts_with("on ") || low.starts_with('在') || low.starts_with("于") || low.starts_with('"');
    let quoted = |from: usize| {
        lines[from..].iter().find(|line| !line.trim().is_empty()).is_some_and(|line| line.trim_start().starts_with('>'))
    };
    if ends(&low) && (begins || quoted(at + 1)) || begins && ends(&two) {
        return true;
    }
    // The head of the letter that is answered: a sender, and a date or a recipient right below.
    let head = |line: &str, names: &[&str]| {
        names.iter().any(|name| line.trim().to_lowercase().replace('：', ":").starts_with(name))
    };
    let below = lines.iter().skip(at + 1).take(2);
    head(line, &["from:", "发件人:", "寄件者:"])
        && below.into_iter().any(|line| head(line, &["sent:", "date:", "to:", "发送时间:", "日期:", "收件人:"]))
}

fn is_sent_from(line: &str) -> bool {
    let low = line.trim().to_lowercase();
    low.chars().count() <= SHORT && SENT_FROM.iter().any(|start| low.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_replies_are_not_the_subject() {
        for (line, said) in [
            ("Re: 回复：  路灯 坏了", "路灯 坏了"),
            ("转发：Fwd:停水", "停水"),
            ("三号楼：电梯停了", "三号楼：电梯停了"),
            ("Report: broken lamp", "Report: broken lamp"),
            (" ", ""),
        ] {
            assert_eq!(subject(line), said, "{line}");
        }
    }

    #[test]
    fn history_and_signatures_are_left_out() {
        let said = "四号楼的井盖松动了，\n踩上去会翘。";
        for below in [
            "\n\n在 2026年5月11日 09:00，市民服务 <a@example.org> 写道：\n> 您好",
            "\n\nOn Mon, 11 May 2026 at 09:00, Service <a@example.org>\nwrote:\n> Hello",
            "\n\n-----原始邮件-----\n发件人: 市民服务\n收件人: 我",
            "\n\n------------------ 原始邮件 ------------------\n您好",
            "\n\n发件人：市民服务\n发送时间：2026年5月11日\n主题：回复",
            "\n\n-- \n王女士\n某某公司",
            "\n\n发自我的iPhone",
            "\n> 您好\n> 再见\n\nSent from my phone",
            "",
        ] {
            assert_eq!(body(&format!("{said}{below}").replace('\n', "\r\n")), said, "{below}");
        }
    }

    #[test]
    fn what_may_be_meant_stays() {
        for said in [
            "在小区门口贴的通知写道：明天停水。可是今天就停了。",
            "发件人：我\n内容是路灯坏了。",
            "> 全文都是引用的一段话",
            "-- ",
            "他写道：\n“不归我管”\n所以我才反映。",
            "从我的窗户看出去，整条路都是黑的，已经三天了，晚上没有人敢出门，请来看看吧，谢谢你们，真的很急。",
        ] {
            assert_eq!(body(said), said.trim(), "{said}");
        }
    }
}
