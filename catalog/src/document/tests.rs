//! Owns what the reader promises, one small case per quirk.

use super::*;

mod inlines;
mod tables;

/// Cells that name a column when nothing but the words tells a header from a row.
const COLUMN_TITLES: [&str; 12] = [
    "参数名",
    "参数",
    "字段",
    "字段名",
    "参数字段",
    "名称",
    "name",
    "code",
    "值",
    "类型",
    "说明",
    "描述",
];

/// Reads a text. Where a table has no delimiter row, its first row is the header if one of its
/// cells is a usual column title.
fn read(text: &str) -> Document {
    super::read(text, &|cells| {
        cells.iter().any(|cell| COLUMN_TITLES.contains(cell))
    })
}

/// Every block as one line, in a notation of its own: what kind, and what a reader sees.
fn outline(text: &str) -> Vec<String> {
    let blocks = read(text).blocks;
    blocks.iter().map(|block| show(&block.kind)).collect()
}

fn show(kind: &BlockKind) -> String {
    match kind {
        BlockKind::Heading(heading) => format!("h{} {}", heading.level, heading.text.plain),
        BlockKind::Table(table) => {
            let rows = table.header.iter().chain(&table.rows);
            let rows: Vec<String> = rows.map(|row| plain(row).join("/")).collect();
            format!("table {}", rows.join("; "))
        }
        BlockKind::Fence(fence) => format!("fence {} {:?}", fence.language, fence.text),
        BlockKind::Line(line) => {
            let quote = if line.quoted { "> " } else { "" };
            let bullet = line.bullet.map_or(String::new(), |bullet| {
                format!(
                    "{}{} ",
                    bullet.indent,
                    if bullet.ordered { "." } else { "-" }
                )
            });
            format!("line {quote}{bullet}{}", line.text.plain)
        }
    }
}

fn plain(row: &Row) -> Vec<&str> {
    row.cells.iter().map(|cell| cell.plain.as_str()).collect()
}

fn fences(text: &str) -> Vec<Fence> {
    let blocks = read(text).blocks.into_iter();
    blocks
        .filter_map(|block| match block.kind {
            BlockKind::Fence(fence) => Some(fence),
            _ => None,
        })
        .collect()
}

#[test]
fn headings_need_no_space_and_lose_closing_signs() {
    assert_eq!(outline("#联系"), ["h1 联系"]);
    assert_eq!(outline("####   群@成员 "), ["h4 群@成员"]);
    assert_eq!(outline(" #### data解析"), ["h4 data解析"]);
    assert_eq!(outline("## 群 ##\n##群##"), ["h2 群", "h2 群"]);
    assert_eq!(outline("### C#"), ["h3 C#"]);
    assert_eq!(outline("####### 七"), ["line ####### 七"]);
}

#[test]
fn headings_keep_anchors_and_spans() {
    let text = "前\n### 01. <span id=\"getX\">获取X(getX)</span>\n";
    let blocks = read(text).blocks;
    let BlockKind::Heading(heading) = &blocks[1].kind else {
        panic!("{blocks:?}")
    };
    assert_eq!(heading.text.plain, "01. 获取X(getX)");
    assert_eq!(heading.text.anchors, ["getX"]);
    assert_eq!(&text[heading.text.span.range()], heading.text.raw);
    assert_eq!(
        &text[blocks[1].span.range()],
        text.lines().nth(1).unwrap_or_default()
    );
}

#[test]
fn headings_and_tables_inside_fences_are_none() {
    let text = "```bash\n# npm start\n| a | b |\n```\n# x";
    assert_eq!(
        outline(text),
        ["fence bash \"# npm start\\n| a | b |\"", "h1 x"]
    );
}

#[test]
fn a_quoted_heading_opens_no_section() {
    assert_eq!(outline("> ## 注意"), ["line > 注意"]);
}

#[test]
fn quote_markers_are_stripped_with_and_without_spaces() {
    let text = "> POST  /x \n >callback_url 回调地址\n>> 深";
    let expected = [
        "line > POST  /x",
        "line > callback_url 回调地址",
        "line > 深",
    ];
    assert_eq!(outline(text), expected);
}

#[test]
fn list_markers_of_all_kinds() {
    let text = "- a\n* b\n+ c\n    - d\n\t* e\n01. f\n1) g\n2.文本";
    let expected = [
        "line 0- a",
        "line 0- b",
        "line 0- c",
        "line 4- d",
        "line 4- e",
        "line 0. f",
        "line 0. g",
        "line 0. 文本",
    ];
    assert_eq!(outline(text), expected);
}

#[test]
fn numbers_and_signs_that_are_no_list_markers() {
    for text in [
        "1.5倍",
        "3.x 版本",
        "192.168.1.1",
        "-1 失败",
        "+86",
        "12345678901. x",
    ] {
        assert_eq!(outline(text), [format!("line {text}")]);
    }
}

#[test]
fn rules_are_dropped() {
    assert!(outline("---\n------\n***\n* * *\n___\n> ---\n====").is_empty());
}

#[test]
fn an_anchor_line_stays() {
    let blocks = read("<a name=\"intro\"></a>").blocks;
    let BlockKind::Line(line) = &blocks[0].kind else {
        panic!("{blocks:?}")
    };
    assert_eq!(line.text.plain, "");
    assert_eq!(line.text.anchors, ["intro"]);
}

#[test]
fn byte_order_mark_and_carriage_returns() {
    let text = "\u{feff}# 题\r\n\r\n| 参数 | 说明 |\r\n|---|---|\r\n| a | 甲 |\r\n```\r\nx\r\n\r\ny\r\n```\r\n";
    let expected = ["h1 题", "table 参数/说明; a/甲", "fence  \"x\\n\\ny\""];
    assert_eq!(outline(text), expected);
    let blocks = read(text).blocks;
    assert_eq!(&text[blocks[0].span.range()], "# 题");
}

#[test]
fn fences_of_backticks_and_tildes() {
    assert_eq!(
        outline("~~~js x\n```\n~~~\n后"),
        ["fence js \"```\"", "line 后"]
    );
    assert_eq!(
        outline("````\n```\n````\n后"),
        ["fence  \"```\"", "line 后"]
    );
    assert_eq!(
        outline("```code``` 后"),
        ["line code 后"],
        "code within a line"
    );
}

#[test]
fn fences_may_be_indented_quoted_or_list_items() {
    assert_eq!(
        outline("   ```json  \n   {}\n   ```"),
        ["fence json \"   {}\""]
    );
    assert_eq!(
        outline("> ```json\n> {\n>   1}\n> ```\n后"),
        ["fence json \"{\\n  1}\"", "line 后"]
    );
    assert_eq!(outline("- ```xml\n  <a/>\n  ```"), ["fence xml \"  <a/>\""]);
}

#[test]
fn a_quoted_fence_ends_with_its_quote() {
    let text = "> ```json\n> {}\n后";
    assert_eq!(outline(text), ["fence json \"{}\"", "line 后"]);
    assert!(!fences(text)[0].closed);
    let lazy = "> ```json\n{}\n```\n后";
    assert_eq!(outline(lazy), ["fence json \"{}\"", "line 后"]);
    assert!(fences(lazy)[0].closed);
}

#[test]
fn an_unclosed_fence_runs_to_the_end_and_is_marked() {
    let text = "```json\n{\n# 0A";
    let fence = &fences(text)[0];
    assert_eq!((fence.closed, fence.text.as_str()), (false, "{\n# 0A"));
    assert_eq!(&text[fence.text_span.range()], "{\n# 0A");
    assert!(!fences("```")[0].closed);
}

#[test]
fn blocks_come_in_source_order() {
    let text = "前\n| 参数 | 说明 |\n|---|---|\n| a | b |\n后\n```\n```\n# h";
    let starts: Vec<usize> = read(text)
        .blocks
        .iter()
        .map(|block| block.span.start)
        .collect();
    assert!(starts.is_sorted());
    assert_eq!(starts.len(), 5);
}

#[test]
fn nothing_is_too_strange() {
    let bits = [
        "|", "-", "`", "```", "*", "**", "~", "[", "](", "<b", ">", "\\", "&#", "\n", "\r", " ",
        "：", "x", "# ", "1.", "\u{feff}", "__", "![", "---|---", ":",
    ];
    // A small generator of its own: every text is another mixture, and the same in every run.
    let mut state = 7_usize;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..24 {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) % (1 << 31);
            text.push_str(bits[(state >> 8) % bits.len()]);
        }
        for block in read(&text).blocks {
            assert!(text.get(block.span.range()).is_some(), "{text:?}");
            if let BlockKind::Line(line) = block.kind {
                assert_eq!(
                    text.get(line.text.span.range()),
                    Some(line.text.raw.as_str()),
                    "{text:?}"
                );
            }
        }
    }
}

#[test]
fn one_endless_line_is_read_in_one_go() {
    for bit in [
        "|", "|a", "`", "``a`", "*a", "**a ", "~", "[", "[a](", "![", "]", "<b ", "<!--", "<a '",
        "&", "\\", "> ", "-", "-|", "#", "1.", "__", "a](x \"",
    ] {
        let text = bit.repeat(200_000 / bit.len());
        let started = std::time::Instant::now();
        read(&text);
        assert!(started.elapsed().as_secs() < 5, "{bit:?}");
    }
}
