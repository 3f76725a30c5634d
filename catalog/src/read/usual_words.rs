//! Owns the words that vendors usually write around their tables and examples, all of them in one place: a habit
//! that several vendors have is added here, one vendor's own in `[dialect]` of its `provider.toml`.

use super::dialect::Label;
use crate::config::Fact;

/// Titles of the column with the names.
pub(super) const NAME: &[&str] = words![
    "参数名" "参数" "参数名称" "字段" "字段名" "字段名称" "参数字段" "数据字段" "名称" "name" "headers参数名" "请求参数" "返回参数"
    "返回字段" "field" "parameter"
];
/// Titles of the column that says what must be given.
pub(super) const REQUIRED: &[&str] = words![
    "必选" "必填" "必须参数" "必须" "必需" "是否必需" "是否必须" "是否必填" "是否必选" "固定字段" "required"
];
/// Titles of the column with the types.
pub(super) const TYPE: &[&str] = &["类型", "字段类型", "参数类型", "数据类型", "type"];
/// Titles of the column that says where a parameter stands.
pub(super) const PLACE: &[&str] = words![
    "位置" "参数位置" "所在位置" "传参位置" "传参方式" "传递方式" "in"
];
/// Titles of the column with the meanings.
pub(super) const DESCRIPTION: &[&str] = words![
    "说明" "字段说明" "参数说明" "描述" "备注" "含义" "参数的含义" "参数含义" "desc" "description" "意义" "解释"
];
/// Titles of the column with values.
pub(super) const VALUE: &[&str] = &["值", "取值", "value"];
/// Titles such as `data中的参数` name the container.
pub(super) const CONTAINER_SUFFIXES: &[&str] = &["中的参数", "中的字段", "的参数", "的字段"];
/// Titles such as `scene的值` name the field whose values follow.
pub(super) const VALUE_SUFFIXES: &[&str] = &["的值", "状态参数", "示例", "的取值"];
/// Titles such as `content的样式` name the text whose forms follow.
pub(super) const FORM_SUFFIX: &str = "的样式";
/// Captions such as `data含义` name the container: what may follow its name.
pub(super) const CONTAINER_WORDS: &[&str] = words![
    "含义" "解析" "数据说明" "字段" "数据" "中的" "说明" "是" "为" "释义"
];

/// Words before an address: `请求URL：/send`, or with the address on the next line.
pub(super) const ADDRESS: &[&str] = words![
    "请求URL" "请求地址" "请求路径" "接口URL" "接口地址" "接口路径" "URL" "Path"
];
/// Words before a method: `请求方式：POST`, or with the method on the next line.
pub(super) const METHOD: &[&str] = words![
    "请求方式" "请求方法" "请求类型" "提交方式" "method" "httpmethod"
];
/// What else the sections of an item are called; as headings, none of them starts anything new.
pub(super) const PARTS: &[&str] = words![
    "简要描述" "参数" "请求参数" "请求示例" "请求头" "header" "headers" "返回" "返回示例" "返回参数" "返回参数说明" "返回数据" "返回结果"
    "响应" "响应参数" "响应示例" "响应数据" "备注"
];

/// What usually announces headers, parameters, replies and events; the first that fits counts.
pub(super) const LABELS: [(Label, &[&str]); 4] = [
    (Label::Event, &["回调", "callback", "推送数据"]),
    (Label::Headers, &["header", "请求头"]),
    (
        Label::Returns,
        &["返回", "响应", "应答", "response", "出参"],
    ),
    (
        Label::Params,
        &["参数", "请求", "request", "入参", "form data"],
    ),
];
/// Lines such as `标题：…` tell something about an item as a whole.
pub(super) const FACTS: [(Fact, &[&str]); 8] = [
    (Fact::Id, &["operationid"]),
    (Fact::Title, &["title", "标题"]),
    (Fact::Url, &["requesturl"]),
    (Fact::Codes, &["messagetype"]),
    (Fact::Slot, &["配置项"]),
    (Fact::Doc, &["doc"]),
    (Fact::Method, METHOD),
    (Fact::Structure, &["结构", "数据结构", "返回结构"]),
];
/// Captions with one of these announce an example.
pub(super) const EXAMPLE: [&str; 2] = ["示例", "example"];
/// Captions of an example with one of these show what is sent.
pub(super) const ASKS: [&str; 2] = ["请求", "request"];
/// Longer lines announce nothing.
pub(super) const LONGEST_CAPTION: usize = 40;
/// Before a remark.
pub(super) const REMARK: &str = "说明：";
/// Lines that remark nothing.
pub(super) const EMPTY_REMARKS: &[&str] = words![
    "POST" "GET" "说明" "注意" "无参数。" "无额外数据字段。"
];

/// What the event is called that an operation announces: `朋友圈列表回调`.
pub(super) const CALLBACK_SUFFIX: &str = "回调";
/// Headings that name the slug of a module.
pub(super) const MODULE_HEADINGS: [&str; 2] = ["模块:{slug}", "module:{slug}"];
/// A line that names a call by its code.
pub(super) const CALL_LINE: &str = "命令码:{wire}";
/// Headings that begin a structure.
pub(super) const STRUCTURE_HEADINGS: &[&str] = words![
    "结构:{wire}" "结构:{wire}({title})" "结构:{wire} {title}" "数据结构:{wire}" "数据结构:{wire}({title})"
    "数据结构:{wire} {title}"
];
/// Index columns: a title and something that names the operation on the wire.
pub(super) const INDEX_TITLES: &[&str] = &["title", "接口", "标题", "接口名称"];
pub(super) const INDEX_WIRES: &[&str] = &["path", "code", "路径", "命令码", "api"];
pub(super) const INDEX_PAGES: &[&str] = &["doc", "文档"];
