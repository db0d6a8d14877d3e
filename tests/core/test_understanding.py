"""Choices and step talk are understood however they are typed, and nothing uncertain is ever "done"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.meaning import Meaning
from bot.reading import listener

understand = listener().understand


def is_scam(text: str) -> bool:
    return understand(text).intent == "scam"


STEP = ("Làm được rồi", "Chưa được", "Nhờ người giúp")
HELP = ("Gọi điện", "Đến nhà", "Ở nhà văn hóa")

MEANT = {
    "done": (
        "xong rồi cháu ạ|XONG RỒI|xong roi nhe|bac lam xong roi|đã xong|dc rồi|xog r|làm được rồi cháu ơi|"
        "hoan tat roi|xong rooif|xong ro62i|lam duoc roi|cài xong rồi|đăng nhập được rồi|vao duoc roi|"
        "thành công rồi"
    ),
    "not_done": (
        "chưa được|chua xong chau oi|ko dc|khong thay gi|bấm mãi không được|chẳng thấy nút đâu|"
        "vẫn thế cháu ạ|bao loi|bấm rồi mà không thấy|được đâu mà được|CHƯA ĐƯỢC|khoong dduwowcj|"
        "chu7a d9u7o7c5|xong đâu mà xong|mãi mà chưa lên"
    ),
    "back": "quay lại|cho bác lùi lại|lui lai buoc truoc|về bước trước|quay lai buoc truoc di",
    "repeat": "nhắc lại|noi lai di chau|đọc lại giúp bác|bác chưa hiểu|nói chậm thôi|nhawcs laij",
    "later": ("để mai làm|thôi nghỉ đã|lúc khác nhé|de hom khac|bác bận rồi|mệt quá để sau|dừng|0|số không"),
    "resume": "làm tiếp|tiếp tục đi|lam not buoc con lai|tiep tuc hom truoc",
    "menu": "menu|chức năng|cho xem bảng chọn|cháu giúp được những gì|muc luc",
    "help_human": (
        "giúp bác với|giup|cho người đến nhà|goi cho bac|nhờ người đến giúp|cứu|cho tôi gặp cán bộ|"
        "can nguoi giup|gọi điện cho bác"
    ),
    "greeting": "chào cháu|alo|xin chào|hello|chao buoi sang|alo cháu ơi|chúc buổi tối",
    "thanks": "cảm ơn cháu|cam on nhe|cám ơn|thank|biết ơn cháu lắm",
    "yes": "vâng|dạ|đồng ý|ừ|dung roi|phải rồi|nhất trí",
    "no": "không|thôi khỏi|khong can|ko|không đồng ý|không muốn",
    "scam": (
        "có người gửi đường link lạ|nó nhắn cho bác cái link|nó gửi tệp apk|công an gọi bảo đọc mã|"
        "người lạ bảo chuyển tiền|gọi dọa khóa tài khoản|bác bị lừa rồi|lỡ bấm vào link|"
        "tự xưng cán bộ xã gọi|no doi doc ma otp|"
        "hình như bị mất tiền"
    ),
    "text_size": "chữ nhỏ quá|mắt kém không nhìn rõ|cho chữ to lên|phong to chu",
    "my_data": "xem dữ liệu của tôi|dang luu gi ve toi|cháu nhớ những gì về bác",
    "delete_data": "xóa dữ liệu của tôi|xoa het thong tin|hủy thông tin của bác",
    "withdraw_consent": "rút đồng ý|thôi không đồng ý nữa|đừng lưu thông tin nữa",
    "unclear": "asdfgh|415926|🙂| |cái đó|[đã xóa]",
    "out_of_scope": "trời hôm nay đẹp|con mèo nhà bên|giá lợn hôm nay bao nhiêu|mai có mưa không",
}
CASES = [(text, intent) for intent, texts in MEANT.items() for text in texts.split("|")]


@pytest.mark.parametrize(("text", "intent"), CASES)
def test_meaning(text: str, intent: str) -> None:
    assert understand(text).intent == intent


@pytest.mark.parametrize(
    ("text", "offered", "choice"),
    [
        ("1", STEP, 1),
        ("so 2", STEP, 2),
        ("Bấm số ba", STEP, 3),
        ("mot", STEP, 1),
        ("③", STEP, 3),
        ("cái đầu tiên", HELP, 1),
        ("phương án thứ hai", HELP, 2),
        ("Làm được rồi", STEP, 1),
        ("lam duoc roi a", STEP, 1),
        ("chua duoc chau oi", STEP, 2),
        ("nho nguoi giup", STEP, 3),
        ("nhờ người giup voi", STEP, 3),
        ("goi dien", HELP, 1),
        ("goi dienn", HELP, 1),
        ("đên nhà", HELP, 2),
        ("o nha", HELP, 3),
        ("gọi", HELP, 1),
        ("bác chọn đến nhà nhé", HELP, 2),
        ("xong", ("Xong bước này", "Chưa xong"), 1),
        ("chưa xong", ("Xong bước này", "Chưa xong"), 2),
        ("chưa ạ", STEP, 2),
        ("ddeens nhaf", HELP, 2),
        ("không", ("Có", "Không"), 2),
    ],
)
def test_an_offered_choice(text: str, offered: tuple[str, ...], choice: int) -> None:
    found = understand(text, offered)
    assert (found.intent, found.choice, found.sure) == ("choice", choice, True)


@pytest.mark.parametrize("text", ["4", "9", "số bảy", "12"])
def test_a_number_that_is_not_offered_is_no_choice(text: str) -> None:
    assert understand(text, STEP) == Meaning("unclear", 0.0, False)


def test_zero_is_later_unless_it_is_offered() -> None:
    assert understand("0", STEP).intent == "later"
    assert understand("0", ("1. Tiếp", "0. Dừng")).choice == 2


def test_two_labels_alike_are_asked_about() -> None:
    found = understand("nhà văn hóa", ("Nhà văn hóa thôn", "Nhà văn hóa xã"))
    assert (found.intent, found.sure, found.choice, found.second) == ("choice", False, 1, "choice:2")


@pytest.mark.parametrize(
    ("text", "offered", "meaning"),
    [
        ("rồi ạ", ("Xong bước này", "Chưa xong"), ("done", True)),
        ("ok", STEP, ("done", True)),
        ("được", ("Đồng ý", "Không"), ("yes", True)),
        ("được", (), ("yes", False)),
        ("ok", (), ("done", False)),
    ],
)
def test_a_bare_word_of_assent_depends_on_what_was_offered(
    text: str, offered: tuple[str, ...], meaning: tuple[str, bool]
) -> None:
    found = understand(text, offered)
    assert (found.intent, found.sure) == meaning


NOT_CERTAIN = (
    "xong chưa cháu|xong chua|được chưa|đã xong chưa nhỉ|thế là xong à|xong rồi hả|làm xong chưa ạ|"
    "bao giờ xong|khi nào thì xong|chưa xong|không được|được đâu mà được|bấm rồi mà không thấy|xong đâu|"
    "làm mãi chả xong|xong rồi mà nó không hiện|xong rồi nhưng báo lỗi|sắp xong|gần xong rồi|đang làm dở|"
    "để mai làm xong|làm xong thì làm gì|tưởng xong rồi|thôi xong rồi|nếu xong thì sao|ông Bắc xong rồi|"
    "bà Tâm nhà tôi cài xong|con nó làm xong hết|máy hỏng xong rồi|mất xong rồi|bấm rồi|ai bảo xong|"
    "mới xong một nửa|xong bước nào|ok là ok thế nào|được mấy bước rồi|thấy rồi nhưng mờ lắm|xong? đâu|"
    "chua dc|ko xong|chuwa xong|chu7a xong|thế là xong|hình như xong rồi|cháu bảo xong rồi|xong rồi af|"
    "xong rồi lại mất|vào rồi lại văng ra|"
    "khó quá xong sao nổi"
)


@pytest.mark.parametrize("text", NOT_CERTAIN.split("|"))
@pytest.mark.parametrize("offered", [(), STEP, ("Xong bước này", "Chưa xong", "Gọi người")])
def test_what_is_not_certain_is_never_done(text: str, offered: tuple[str, ...]) -> None:
    for typed in (text, text.upper(), f"cháu ơi {text}"):
        found = understand(typed, offered)
        assert not (found.sure and (found.intent == "done" or found.choice == 1)), found


@pytest.mark.parametrize(
    "text", ["làm", "lam", "rồi sao", "làm được chưa", "làm được đâu", "làm được rồi à", "lam duoc roi?"]
)
def test_a_done_label_is_not_guessed_from_its_words(text: str) -> None:
    assert not understand(text, STEP).sure or understand(text, STEP).choice != 1


@pytest.mark.parametrize(
    "text",
    [
        "mã xác nhận chưa về",
        "tài khoản sổ tay bị khóa",
        "quên mật khẩu",
        "bot này có lừa đảo không",
        "đây có phải lừa không",
        "nộp đảng phí ở đâu",
        "gọi cho bác",
        "tải ở đâu",
        "cháu gửi link tải cho bác",
        "chưa có tài khoản",
    ],
)
def test_everyday_talk_is_no_alarm(text: str) -> None:
    assert not is_scam(text)


def test_alarm_goes_before_everything() -> None:
    assert understand("người lạ gọi bảo đọc mã, bác làm được rồi", STEP) == Meaning("scam", 1.0, True)


def test_a_slip_of_a_letter_is_asked_about_or_understood() -> None:
    assert understand("quay laii").intent == "back"
    assert understand("tiep tucj").intent == "resume"


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_is_taken(text: str, offered: list[str]) -> None:
    found = understand(text, offered)
    assert 0 <= found.score <= 1
    assert found.choice is None or 1 <= found.choice <= len(offered)
