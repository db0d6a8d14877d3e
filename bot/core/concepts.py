"""Words of one sense read as one: "cài", "tải", "lấy về" are `install`, "ở đâu", "chỗ nào" are `where`.

What was taught with one of them then holds for all. Plain letters; a phrase goes before its parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_SENSES: Final[Mapping[str, str]] = {
    "not": "khong|chua|chang|cha|hong|dau co|khong he|chua he|mai chua|mai khong|van chua|van khong|deo|khoi|dell",
    "where": "o dau|cho nao|o cho nao|muc nao|phan nao|o muc nao|vao dau|dau day|bam dau|tu dau|ben nao|kho nao|o phan nao|"
    "muc gi|cho gi|nam dau|o nao",
    "how": "the nao|lam sao|kieu gi|ra sao|nhu nao|cach nao|bang cach nao|lam the nao|nhu the nao|kieu nao|sao|cach|cach thuc|"
    "lam kieu gi|lam cach nao|bang gi|lam gi|phai lam gi|thi sao",
    "what": "la gi|la cai gi|la cai chi|cai gi|nghia la gi|la the nao|la sao|la thu gi|nhung gi|gi|chi|nhung cai gi",
    "who": "ai|nguoi nao|dong chi nao|chau nao|nhung ai|dua nao|em nao|bac nao|ong nao",
    "when": "bao gio|khi nao|luc nao|hom nao|ngay nao|may gio|chung nao|bao lau|bao lau nua|ngay may|thu may|ngay bao nhieu|"
    "may ngay|may hom|den bao gio|chung nao|may ngay nua",
    "many": "bao nhieu|may phan tram|may nguoi|bao nhieu phan tram|bao nhieu nguoi|may bac|may nha|bao tien|bao nhieu tien",
    "why": "vi sao|tai sao|co sao|sao lai|sao mai",
    "ask": "duoc khong|co duoc khong|co sao khong|khong nhi|phai khong|co khong|khong the|duoc chua|hay khong|khong a",
    "may": "duoc phep|co quyen|cho phep|duoc quyen|co duoc|vi pham|pham quy dinh|trai quy dinh",
    "install": "cai|tai|cai dat|tai ve|lap dat|down|download|dowload|lay ve|tai xuong|cai lai|tai lai|set up|setup|tai app|cai app",
    "app": "app|phan mem|so tay|ung dung|so tay dang vien|so tay dien tu|so tay dang vien dien tu|app so tay|phan mem so tay|"
    "app dang vien|sotay|ap|ep|so tai|so tay dang vien|stdv",
    "phone": "may|dien thoai|cai may|con may|smartphone|dt|thiet bi|chiec may|dien thoai thong minh|may cam ung|may tinh bang|"
    "iphone|samsung|oppo|android|xiaomi|vivo|ip|sam sung|redmi|realme|huawei|ipad",
    "dumb": "cuc gach|den trang|nokia|ban phim|nghe goi|bam nut|nut bam|cui bap|dien thoai ban|may phim|chi nghe|chi goi|may bam|"
    "phim bam|may de ban|co dien|bam phim",
    "store": "ch play|chplay|app store|appstore|google play|cua hang|kho ung dung|cho tai|kho|cua hang ung dung",
    "account_store": "google|gmail|apple|icloud|apple id|goc gle|gu go|id apple|email|mail",
    "password": "mat khau|mat ma|pass|password|ma khau|mat hieu",
    "passcode": "passcode|ma 6 so|ma sau so|ma pin|ma passcode|ma 6 so vneid",
    "code": "ma|otp|ma otp|ma xac nhan|ma xac thuc|tin nhan ma|tin nhan otp|ma so|o te pe|sms|ma kich hoat|tin nhan xac nhan",
    "account": "tai khoan|nick|tk|acc|user|ten dang nhap|account",
    "login": "dang nhap|vao tai khoan|log in|login|vao app|vao so tay|dang nhat|kich hoat",
    "enter": "vao|vao duoc|vao trong|mo|mo ra|truy cap",
    "locked": "khoa|bi khoa|tam khoa|dong bang|vo hieu|vo hieu hoa|block|lock|chan|dinh chi|tam ngung|khoa mat|tam dung hoat dong",
    "forget": "quen|khong nho|chang nho|quen mat|chua nho|quen beng|quen bang|nho khong ra|khong con nho",
    "wrong": "sai|nham|lech|khong dung|lon|sai sot|khong khop|khac|khong chinh xac|khong chuan|lac hau|chua dung|bi sai|sai lech",
    "vneid": "vneid|dinh danh|vn id|vi en i di|dinh danh dien tu|tai khoan dinh danh|muc 2|muc hai|dinh danh muc 2|vneid muc 2",
    "police": "cong an|canh sat|cong an xa",
    "lost": "mat|roi mat|bi trom|trom|mat cap|cuop|that lac|danh mat|lam mat|danh roi|de quen|bo quen|moc tui|giat|bi mat|ke trom|"
    "lam roi|roi xuong|rot|an cap",
    "new": "moi|moi mua|moi doi|sam|len doi|doi moi",
    "old": "cu|doi cu|co|doi thap|loi thoi|lac hau|qua cu|lau doi|cu ky|co lo|cu rich|doi dau|doi tong",
    "full": "day|het bo nho|dung luong|bo nho|day bo nho|het dung luong|full|luu tru|het cho|cho trong|khong gian|chat|o nho|giai phong",
    "fits": "tuong thich|khong tuong thich|ho tro may|phu hop|phien ban|he dieu hanh|doi may|cau hinh|khong ho tro|nang cap",
    "money": "tien|phi|le phi|mat tien|ton tien|dong nao|nop phi|chi phi|ton kem|cuoc|thu phi|phi su dung|dong tien|mat phi",
    "free": "mien phi|free|cho khong",
    "must": "bat buoc|phai|nhat thiet|ep|buoc|can thiet|yeu cau|chi tieu|quy dinh|tu nguyen|ky luat|phe binh|tru diem",
    "exempt": "mien|duoc mien|xin mien|mien sinh hoat|mien cong tac|tha|khoi phai|duoc thoi",
    "old_age": "tuoi|gia|cao tuoi|gia yeu|tuoi cao|lon tuoi|nhieu tuoi|gia ca|suc yeu|om|om yeu|benh|benh tat|tai bien|mo mat|liet|lan|"
    "dau yeu|om dau|suc khoe|tai diec|mat loa|khuyet tat|tan tat",
    "profile": "ho so|ly lich|thong tin ca nhan|thong tin dang vien|ho so dang vien|thong tin cua minh|trang ca nhan|muc ca nhan|"
    "thong tin|ho so ca nhan|ly lich dang vien|ho so dang",
    "check": "kiem tra|ra soat|soat|doi chieu|kiem|ra lai|so lai|check|do lai|soi|danh dau|tu kiem tra|kiem tra lai",
    "see": "xem|coi|doc|ngo|nhin|mo xem|xem lai|tra cuu",
    "data": "du lieu|thong tin cua toi|du lieu ca nhan",
    "keep": "luu|giu|ghi|thu thap|ghi lai|luu tru|luu giu|ghi chep|theo doi|giu lai|dang luu|dang giu",
    "delete": "xoa|huy|go|bo het|xoa bo|huy bo|xoa het|xoa sach|xoa toan bo",
    "withdraw": "rut|rut lai|thu hoi|doi y|nghi lai|ngung|cham dut|thu lai",
    "agree": "dong y|nhat tri|tan thanh|chap nhan|cho phep|dong tinh|ung|bang long|chap thuan",
    "leak": "lo|bao mat|an toan|bi mat|giu kin|ro ri|lo thong tin|bi lo|rieng tu|kin|nghe len",
    "scam": "lua dao|bi lua|lua|ke gian|apk|link la|duong link|link|duong dan|tep la|file la|hack|bi hack|trung thuong|so la|nguoi la|"
    "tu xung|gia danh|mao danh|chiem doat|app la|file apk|xung la|ung dung la|doa",
    "send": "gui|dang|chia se|up|post|chuyen tiep|dua len|phat tan|day len|truyen",
    "doc": "nghi quyet|tai lieu|van kien|chi thi|van ban|dieu le|quy dinh 339|thong tri|ket luan|chuyen de|tin tuc|van kien dai hoi|"
    "tai lieu hoc tap|noi bo|huong dan cua|dieu le dang",
    "social": "zalo|facebook|nhom|fb|mang xa hoi|tiktok|nhom zalo|len mang|nguoi ngoai|nguoi khac|nguoi ngoai dang|hang xom",
    "capture": "chup|chup man hinh|quay|quay phim|chup lai|in ra|copy|sao chep",
    "meeting": "hop|sinh hoat|hop chi bo|sinh hoat chi bo|cuoc hop|buoi hop|diem danh|du hop|giay moi|tham du|hoi truong|bien ban|bao vang|"
    "lich hop|quet ma|check in|co mat|di hop",
    "fee": "dang phi|tien dang|phi dang|dong dang phi|nop dang phi",
    "card": "the dang|the dang vien|so the|the chip|ma the|so the dang",
    "transfer": "chuyen sinh hoat|chuyen dang|huy hieu|ket nap|icpv|dich vu cong|gioi thieu|thu tuc|doi the|xep loai|kiem diem",
    "ticket": "phieu|don|phan anh|bao sai|yeu cau sua|phieu bao sai|ma phieu|kien nghi|don phan anh|bao loi",
    "done_with": "giai quyet|xu ly|sua xong|ket qua|den dau|tinh trang|chinh xong|den khau nao|tien do|tra loi|duyet",
    "person_help": "to cong nghe|nguoi ho tro|nguoi giup|tinh nguyen vien|doan vien|can bo|nhan vien|doan thanh nien|to cong nghe so|"
    "nguoi phu trach|nguoi huong dan|thanh nien|truc tiep|nguoi that",
    "help": "giup|ho tro|giup do|cuu|tro giup|lam ho|giup mot tay|ho mot tay|sos|help",
    "come": "den|sang|qua|toi|xuong|ghe|den nha|sang nha|qua nha|toi nha|den tan nha|xuong nha|den giup|sang giup",
    "call": "goi|goi dien|alo|lien he|lien lac|goi lai|noi may|so dien thoai nguoi|nhac may|tong dai|duong day nong",
    "far": "di lam xa|lam an xa|nuoc ngoai|tinh khac|ngoai tinh|o xa|binh duong|ha noi|sai gon|mien nam|bac ninh|bac giang|di vang|"
    "xa que|trong nam|tam tru|thanh pho|cong nhan|dai loan|di xa|o voi con|tu xa|dong nai|thai nguyen|vang nha|xuat khau lao dong|noi khac",
    "number": "so dien thoai|so may|sdt|so moi|so cu|so khac|sim|sim moi|sim cu|so lien lac|so lien he|so lien he",
    "change": "doi|thay|thay doi|chuyen|chuyen sang|doi sang|cap nhat|thay the",
    "kin": "con|chau|con gai|con trai|vo|chong|con dau|nguoi nha|chau noi|chau ngoai|ba nha|ong nha|con re",
    "letters": "chu|co chu|font|kich thuoc chu|chu viet|mat chu",
    "big": "to|lon|phong to|to hon|zoom|tang|tang co|phong|bu|to len|keo to",
    "small": "nho|be|li ti|be ti|nho xiu|be tin hin|nho li ti|con kien",
    "eyes": "mat kem|mat mo|mat yeu|mat lao|nhin khong ro|khong nhin ro|doc khong noi|khong doc duoc|kinh lup|deo kinh|khong thay chu|"
    "nhin khong ra|trong khong ro|mat toi|mat loa",
    "net": "mang|song|wifi|4g|3g|internet|ket noi|data|may chu|duong truyen|mang mieng|5g|duong mang|mat ket noi",
    "slow": "cham|lag|yeu|kem|chap chon|quay|xoay|load|treo|do|giat|trang xoa|trang tinh|quay tit|man hinh trang|den si|den thui|lau|i ach|phap phu",
    "finish": "xong|xong xuoi|hoan thanh|hoan tat|thanh cong|xong roi|duoc roi|ok roi|xong het|ngon lanh|da xong|song suoi|xuoi|on roi|on thoa",
    "fail": "khong duoc|chua duoc|that bai|loi|bao loi|hong|khong len|khong hien|khong an thua|bo tay|chiu|tac|ket|khong noi|truc trac|error",
    "press": "bam|an|nhan|cham|go|vuot|nhap|dien|click|danh|keo|tich|danh may",
    "shown": "hien|hien ra|hien len|thay|nut|man hinh|o|hinh|bieu tuong|nhay|len|ra|bang",
    "before": "truoc|buoc truoc|phan truoc|luc nay|vua roi|truoc do|trang truoc|vua nay|hoi nay",
    "return": "quay lai|lui|lui lai|tro lai|quay ve|tro ve|back|ve lai|quay lui|nguoc lai|quay nguoc|lui ve|tro ra|lui xuong",
    "again": "nhac lai|noi lai|lan nua|lap lai|chi lai|giang lai|doc lai|noi cham|mot lan nua|viet lai|gui lai buoc|giai thich lai|"
    "nghe lai|bao lai|huong dan lai|mot luot nua|nghe khong kip|chua kip|noi ro|cham thoi",
    "goon": "tiep|tiep tuc|lam tiep|lam not|not|hoc tiep|dang do|do dang|lam do|bo do|con lai|dang lam|di tiep|hoc not",
    "later": "de mai|mai|de sau|luc khac|hom khac|khi khac|lat nua|ti nua|nghi|tam dung|tam nghi|dung lai|hom sau|chieu|toi|tuan sau|dip khac|"
    "bua khac|lat|cuoi tuan|sang mai|khi ranh|lan sau|ngung|ban|met|hen|khuya|lan khac|chut nua",
    "menu": "menu|chuc nang|danh muc|muc luc|bang chon|trang chu|man hinh chinh|lua chon|cac muc|cac bai|danh sach bai|ve dau|bai khac|cac viec",
    "thanks": "cam on|biet on|cam kich|quy hoa|doi on|thank|thank you|ghi on|da ta|on chau|thanks",
    "hello": "chao|xin chao|alo|hello|kinh chao|e|hi|a lo|chao buoi sang",
    "real": "that|that khong|that hay gia|chinh thuc|gia|gia mao|nguoi hay may|robot|xac minh|tin duoc|chung minh|la nguoi hay may|dang tin|may hay nguoi",
    "report": "bao cao|bieu|mau|so lieu|bieu mau|mau bao cao|phieu bao cao",
    "due": "han|thoi han|han nop|deadline|chot|han cuoi|han chot|het han|ky han|qua han|khoa so|nop muon",
    "hand_in": "nop|gui bao cao|lap|nop bao cao|gui len",
    "progress": "tien do|ty le|phan tram|tinh hinh|dat bao nhieu|con may nguoi",
    "unit": "thon|khoi pho|don vi|khoi|to dan pho|ban|thonten|thon minh",
    "whole": "toan xa|ca xa|xa minh|chung|toan the|tong hop|tong|tom tat|xa ta|trong ngay",
    "assign": "giao|phan cong|cu|phu trach|phan|dieu|gan|kem|dam nhan|lo cho|ban giao|di kem",
    "tell_all": "thong bao|nhan tin cho|tat ca|moi nguoi|ba con|toan bo|pho bien|phat tin|nhan chung|loi nhan|truyen dat|tin chung|truyen tin",
    "export": "xuat|excel|word|file|in|pdf|ket xuat|bang tinh|trich|tai bang|ban in|trich xuat",
    "undo": "bao nham|bam nham|ghi nham|huy bao|hoan tac|undo|nham nguoi|nham ten|tich nham|vua bao|vua gui|chon nham|ghi sai nguoi|nhap nham|vua nhap|lon nguoi",
    "take": "nhan|em nhan|de em|toi nhan|nhan ca|nhan phieu|nhan viec|xung phong|cho em nhan|nhan giup|de toi|de minh",
    "close": "dong|dong phieu|dong ca|ket thuc|khoa phieu|hoan thanh phieu|chot ca|close|dong lai",
    "list": "danh sach|viec cua|lich|viec hom nay|phan cong cho|danh sach cua em|viec",
    "born": "ngay sinh|nam sinh|thang sinh|ngay de|sinh nam|ngay thang nam sinh",
    "name": "ho ten|ten dem|ho va ten|ten lot|chu dem|chu lot|ten",
    "cccd": "can cuoc|cccd|so dinh danh|chung minh|cmnd|chung minh thu|can cuoc cong dan|so can cuoc",
    "joined": "ngay vao dang|ngay ket nap|vao dang|tuoi dang|nam vao dang|ngay chinh thuc|chinh thuc",
    "place": "dia chi|que quan|thuong tru|noi o|ho khau|noi cu tru|cho o|noi sinh",
}
# The longest phrases of the lexicon; more words are never looked at together.
_LONGEST: Final = 6
_SENSE_OF: Final = {phrase: sense for sense, phrases in _SENSES.items() for phrase in phrases.split("|")}
_LENGTHS: Final = {phrase.partition(" ")[0]: 0 for phrase in _SENSE_OF}
for _phrase in _SENSE_OF:
    _first = _phrase.partition(" ")[0]
    _LENGTHS[_first] = max(_LENGTHS[_first], _phrase.count(" ") + 1)


def senses(words: Sequence[str]) -> list[str]:
    """The words, with those of a known sense replaced by it, written `=sense`."""
    found, at = [], 0
    while at < len(words):
        for size in range(min(_LENGTHS.get(words[at], 1), len(words) - at), 0, -1):
            sense = _SENSE_OF.get(" ".join(words[at : at + size]))
            if sense:
                found.append(f"={sense}")
                break
        else:
            size = 1
            found.append(words[at])
        at += size
    return found
