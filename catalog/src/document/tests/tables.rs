//! Owns the quirks of tables.

use super::super::*;
use super::{outline, plain, read};

fn tables(text: &str) -> Vec<Table> {
    let blocks = read(text).blocks.into_iter();
    blocks
        .filter_map(|block| match block.kind {
            BlockKind::Table(table) => Some(table),
            _ => None,
        })
        .collect()
}

fn only(text: &str) -> Table {
    let mut tables = tables(text);
    assert_eq!(tables.len(), 1, "{tables:?}");
    tables.remove(0)
}

fn header(table: &Table) -> Vec<&str> {
    table.header.as_ref().map(plain).unwrap_or_default()
}

/// The first row below a header of three columns.
fn third(row: &str) -> String {
    let table = only(&format!("| 参数名 | 类型 | 说明 |\n|---|---|---|\n{row}"));
    plain(&table.rows[0]).join("/")
}

#[test]
fn an_ordinary_table() {
    let text = "| 参数名 | 说明 |\n|:--|--:|\n| a | 甲 |\n| b | 乙 |";
    let table = only(text);
    assert!(table.delimited);
    assert_eq!(header(&table), ["参数名", "说明"]);
    assert_eq!(plain(&table.rows[1]), ["b", "乙"]);
    assert_eq!(&text[table.rows[1].span.range()], "| b | 乙 |");
    assert_eq!(&text[table.rows[1].cells[1].span.range()], "乙");
    assert_eq!(read(text).blocks[0].span, Span::new(0, text.len()));
}

#[test]
fn delimiter_first_means_no_header() {
    let table = only("> data含义\n|------|-----|\n| code | int |\n|      |     |\n|      |     |");
    assert!(table.delimited && table.header.is_none());
    assert_eq!((table.rows.len(), table.blank_rows), (1, 2));
}

#[test]
fn an_empty_header_is_none() {
    let table = only("| | |\n|---|---|\n| a | b |");
    assert!(table.header.is_none());
    assert_eq!((table.rows.len(), table.blank_rows), (1, 0));
}

#[test]
fn without_outer_pipes() {
    let text = "接口 | code | 备注\n---|------|-\n**登陆管理** | | \n连接认证 | auth | 身份\n注销 | logout |\n【未实现接口】修改群名称 |\n发朋友圈 |\n\n后";
    let table = only(text);
    assert_eq!(header(&table), ["接口", "code", "备注"]);
    assert_eq!(plain(&table.rows[0]), ["登陆管理", "", ""]);
    assert!(table.rows[0].cells[0].bold);
    assert_eq!(plain(&table.rows[2]), ["注销", "logout", ""]);
    assert_eq!(plain(&table.rows[4]), ["发朋友圈", "", ""]);
    assert_eq!(table.rows.len(), 5);
}

#[test]
fn without_outer_pipes_and_without_rows() {
    let table = only("参数字段 | 字段类型\n-----|------\n\n后");
    assert_eq!(header(&table), ["参数字段", "字段类型"]);
    assert!(table.rows.is_empty());
}

#[test]
fn leading_spaces_and_negative_numbers() {
    let table =
        only(" **值** | **描述** | **备注**\n ----|------|---\n -1    | 异常   |\n 0     | 正常 |");
    assert_eq!(header(&table), ["值", "描述", "备注"]);
    assert_eq!(plain(&table.rows[0]), ["-1", "异常", ""]);
}

#[test]
fn inside_a_quote() {
    let table = only("> | 参数 | 说明 |\n> |---|---|\n> | a | b |");
    assert_eq!(plain(&table.rows[0]), ["a", "b"]);
}

#[test]
fn a_delimiter_row_with_odd_spacing() {
    assert_eq!(only("|a|b|\n| : --- | -- : |\n|1|2|").rows.len(), 1);
    assert_eq!(only("|a|b|\n|-|-|\n|1|2|").rows.len(), 1);
    assert_eq!(only("|a|b|\n---|---\n|1|2|").rows.len(), 1);
}

#[test]
fn dashes_in_a_row_are_values() {
    let table = only("|a|b|\n|---|---|\n|1|2|\n|-|-|\n|3|4|");
    assert_eq!(plain(&table.rows[1]), ["-", "-"]);
}

#[test]
fn pipes_too_many_go_back_into_the_last_cell() {
    assert_eq!(
        third("| a | string | 好友微信号|微信群号   |"),
        "a/string/好友微信号|微信群号"
    );
    assert_eq!(
        third("| a | string | 1文本|2图片|4语音 |"),
        "a/string/1文本|2图片|4语音"
    );
    assert_eq!(third("| a | string | 甲 || 乙 | |"), "a/string/甲 || 乙");
}

#[test]
fn surplus_empty_cells_are_slips() {
    assert_eq!(
        third("| to_account`必填` | string | 好友微信号|    |"),
        "to_account必填/string/好友微信号"
    );
    assert_eq!(third("| a | string | 返回所有| |"), "a/string/返回所有");
}

#[test]
fn short_rows_are_padded() {
    assert_eq!(third("| a |"), "a//");
    assert_eq!(third("| a | string"), "a/string/");
}

#[test]
fn the_delimiter_row_counts_columns_without_a_header() {
    let table = only("|---|---|\n| a | 甲|乙 |");
    assert_eq!(plain(&table.rows[0]), ["a", "甲|乙"]);
}

#[test]
fn pipes_in_backticks() {
    assert_eq!(third(r"| a | string | `x\|y` |"), "a/string/x|y");
    assert_eq!(third("| a | `int|string` | 甲 |"), "a/int|string/甲");
    assert_eq!(
        third("| `a | string` | 甲 |"),
        "`a/string`/甲",
        "a slip, not code"
    );
}

#[test]
fn escaped_pipes_stay_in_raw() {
    let table = only("| 参数 | 说明 |\n|---|---|\n| a | 保存\\|取消 |");
    let cell = &table.rows[0].cells[1];
    assert_eq!(
        (cell.raw.as_str(), cell.plain.as_str()),
        ("保存\\|取消", "保存|取消")
    );
}

#[test]
fn without_delimiter_row_titles_make_the_header() {
    let table = only("| 字段名 | 类型 |\n| a | int |");
    assert!(!table.delimited);
    assert_eq!(header(&table), ["字段名", "类型"]);
    let table = only("| a | int |\n| b | int |");
    assert!(table.header.is_none());
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn the_caller_knows_more_titles() {
    let document = super::super::read("| 键 | 义 |\n| a | 甲 |", &|cells| cells.contains(&"键"));
    let BlockKind::Table(table) = &document.blocks[0].kind else {
        panic!("{document:?}")
    };
    assert_eq!(header(table), ["键", "义"]);
}

#[test]
fn lines_of_equally_many_cells_are_a_table() {
    let text = "甲 | 乙 | 丙\n一 | 二 | 三\n后";
    assert_eq!(outline(text), ["table 甲/乙/丙; 一/二/三", "line 后"]);
    let text = "甲 | 乙\n一 | 二";
    assert_eq!(outline(text), ["line 甲 | 乙", "line 一 | 二"]);
}

#[test]
fn prose_and_list_items_with_a_pipe_are_no_table() {
    let text =
        "- title: 群保存|取消到通讯录\n- a | b | c\n- d | e | f\n标题|副标题\n# x | y\n---|---";
    assert!(
        tables(text)
            .iter()
            .all(|table| table.rows.is_empty() && table.header.is_none())
    );
    assert_eq!(
        outline("- title: 群保存|取消到通讯录"),
        ["line 0- title: 群保存|取消到通讯录"]
    );
}

#[test]
fn prose_below_a_table_is_no_row() {
    let text = "| 参数 | 说明 |\n|---|---|\n| a | b |\n注意：x|y 二选一\n> 后";
    let expected = ["table 参数/说明; a/b", "line 注意：x|y 二选一", "line > 后"];
    assert_eq!(outline(text), expected);
}

#[test]
fn a_row_that_lost_its_first_pipe() {
    let table = only("| 参数 | 类型 | 说明 |\n|---|---|---|\na | int | 甲 |\n| b | int | 乙 |");
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn a_column_called_number_sign() {
    assert_eq!(outline("# | 名称\n---|---\n1 | 甲"), ["table #/名称; 1/甲"]);
}

#[test]
fn a_second_delimiter_row_is_ignored() {
    let table = only("| a | b |\n|---|---|\n|---|---|\n| 1 | 2 |");
    assert_eq!((header(&table), table.rows.len()), (vec!["a", "b"], 1));
}

#[test]
fn a_framed_header() {
    let table = only("|---|---|\n| a | b |\n|---|---|\n| 1 | 2 |\n|---|---|");
    assert_eq!((header(&table), table.rows.len()), (vec!["a", "b"], 1));
}

#[test]
fn touching_tables_are_split() {
    let tables =
        tables("| a | b |\n|---|---|\n| 1 | 2 |\n| c | d | e |\n|---|---|---|\n| 3 | 4 | 5 |");
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[0].rows.len(), 1);
    assert_eq!(header(&tables[1]), ["c", "d", "e"]);
    assert_eq!(plain(&tables[1].rows[0]), ["3", "4", "5"]);
}

#[test]
fn a_touching_table_without_rows() {
    let tables = tables("| a | b |\n|---|---|\n| 1 | 2 |\n| 参数 | 说明 |\n|---|---|");
    assert_eq!(tables.len(), 2);
    assert_eq!(header(&tables[1]), ["参数", "说明"]);
}
