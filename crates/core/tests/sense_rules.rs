//! RequestKind, urgency and groups by the words of the built-in pack, on sentences of our own.

use muster_core::pack::{RequestKind, Urgency};
use muster_core::sense::{Example, Lesson, Model, RulesFault, SenseRules, judge, train};
use std::sync::OnceLock;

const RULES: &str = include_str!("../../../packs/default/sense.toml");

/// The words do not depend on the classifier: any will do.
fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let codes = ["01".to_owned(), "02".to_owned()];
        let example = |text, class| Example { title: "", text, class, group: class as u64 };
        let examples = vec![example("路灯", 0), example("工资", 1)];
        train(&Lesson { name: "any", codes: &codes, examples, phrases: vec![], seed: 1, without: None })
            .expect("a sound lesson")
    })
}

fn rules() -> SenseRules {
    SenseRules::from_toml(RULES).expect("the built-in pack")
}

#[test]
fn kinds_and_urgencies() {
    use RequestKind::{Complaint, Consult, Help, Praise, Suggestion, Tipoff};
    use Urgency::{Danger, Routine, Urgent};
    let table = [
        ("请问居住证怎么办理", "我刚搬来，需要什么材料？", Consult, Routine),
        ("公积金何时到账", "上个月提交的，什么时候能到？", Consult, Routine),
        ("楼下烧烤店严重扰民", "每天营业到凌晨，油烟噪音让人无法入睡", Complaint, Routine),
        ("物业乱收费", "电梯费收了两遍，找他们就推诿", Complaint, Routine),
        ("举报无证诊所", "巷口有人无证经营诊所", Tipoff, Routine),
        ("化工厂夜里偷排废水", "请依法查处", Tipoff, Routine),
        ("建议增设公交站", "新小区入住后出行不便，希望增加一个站点", Suggestion, Routine),
        ("表扬社区网格员小陈", "帮忙找回了钱包，服务态度好", Praise, Routine),
        ("帮帮我们", "家里房顶漏雨，生活困难，无力维修", Help, Routine),
        ("路灯不亮", "三号楼前的路灯坏了一周", Help, Routine),
        ("小区停水两天了", "希望尽快解决", Help, Urgent),
        ("整栋楼没有暖气", "供暖半个月家里只有十二度", Help, Urgent),
        ("自来水中断", "早上到现在自来水就断了", Help, Urgent),
        ("燃气泄漏", "三楼有很重的味道，快来", Help, Danger),
        ("有人被困电梯", "二单元电梯困人", Help, Danger),
        ("隔壁仓库起火", "现在火很大，十万火急", Help, Danger),
        ("老城区火灾隐患", "楼道堆满杂物，建议清理", Suggestion, Routine),
        ("培训机构跳楼价促销不退费", "投诉他们欺骗消费者", Complaint, Routine),
        ("去年仓库着火的赔偿", "请问赔偿何时发放", Consult, Routine),
        ("", "", Help, Routine),
    ];
    let rules = rules();
    for (title, text, kind, urgency) in table {
        let judgement = judge(model(), &rules, title, text);
        assert_eq!((judgement.kind, judgement.urgency), (kind, urgency), "{title}: {judgement:?}");
        assert_eq!(judgement.urgency == Routine, judgement.urgency_words.is_empty(), "{title}");
    }
}

#[test]
fn groups_are_named_with_their_words() {
    let judgement = judge(model(), &rules(), "独居老人无人照料", "她八旬了，还有残疾，靠低保生活，在儿童医院旁边住");
    let groups: Vec<&str> = judgement.groups.iter().map(|group| group.code.as_str()).collect();
    assert_eq!(groups, ["elderly", "disabled", "poor"]);
    assert!(judgement.groups.iter().all(|group| !group.words.is_empty()));
}

#[test]
fn the_pack_decides_how_sure_is_sure() {
    let pack = |confidence| SenseRules::from_toml(&pack(confidence, "")).expect("a sound pack");
    assert!(judge(model(), &pack("0.0"), "路灯", "").sure);
    assert!(!judge(model(), &pack("1.0"), "", "").sure);
    assert_eq!(judge(model(), &pack("0.5"), "停水", "老人").groups, []);
}

#[test]
fn unsound_packs_are_refused_with_what_is_wrong() {
    let fault = |text: &str| SenseRules::from_toml(text).expect_err("refused");
    assert!(matches!(fault(&pack("1.5", "")), RulesFault::Confidence(_)));
    assert!(fault("confidense = 0.5").to_string().contains("confidense"));
    let empty = pack("0.5", "[[kind]]\nkind = \"help\"\nstrong = [\" \"]");
    assert!(fault(&empty).to_string().contains("kind Help"));
    let unknown = pack("0.5", "[[kind]]\nkind = \"shout\"");
    assert!(fault(&unknown).to_string().contains("shout"));
    for (from, to, says) in [
        ("window_days = 14", "window_days = 0", "window_days is 0"),
        ("people = 4", "people = 1", "people is below 2"),
        ("chance = 1e-6", "chance = 1.5", "chance"),
    ] {
        let text = pack("0.5", "").replace(from, to);
        assert!(fault(&text).to_string().contains(says), "{}", fault(&text));
    }
}

/// The least a pack must say, with what else is given.
fn pack(confidence: &str, more: &str) -> String {
    format!(
        "confidence = {confidence}
         [hotspot]
         window_days = 14
         people = 4
         chance = 1e-6
         [answer]
         relevance = 0.0
         short = 10
         passed_on = []
         done = []
         basis = []
         date = []
         contact = []
         {more}"
    )
}
