"""What people say, by what they mean: the tables that understanding is built from.

`a|b` are phrases, `x/y` other words in the same place, `*` a gap of up to three words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Phrases of each intent. "/" parts words that may stand there, "_" joins two, "*" is up to three words.
PHRASES: Final[Mapping[str, str]] = {
    "scam": "apk|link lạ|nó/ai/họ/người/đứa/số * gửi/nhắn * link|bấm/ấn/mở * link|tin_nhắn * link|người lạ|"
    "số lạ * gọi/nhắn|có nên đọc|đọc mã cho/rồi|đọc/đưa/cho/gửi * mã * cho/rồi|"
    "bảo/đòi/yêu_cầu/bắt * đọc/đưa/gửi/chuyển/nộp mã/tiền/khoản/phí/otp|đòi/bắt * tiền/phí/mã/mật_khẩu|"
    "dọa khóa|gọi/nhắn * khóa sổ_tay/tài_khoản/máy|gọi để khóa|sắp khóa|công_an * gọi|xưng là|"
    "xưng * công_an/cán_bộ|tự xưng|lừa đảo|bị/nó/sợ lừa|kẻ gian/xấu|bị mất/trừ tiền|trừ tiền|"
    "lỡ bấm/đọc/đưa/khai/cho/gửi/cung_cấp/chuyển/cài|bị hack|bị chiếm|trúng thưởng|cho chúng_nó|"
    "ngân_hàng gọi|hỏi/xin * mã otp/xác_nhận|hỏi/xin * số thẻ|gọi * đọc mã|gọi * bảo cập_nhật|gửi * tệp|"
    "cài ứng_dụng/phần_mềm lạ",
    "not_done": ""
    "chưa/không/chẳng/chả được/thấy/hiện/xong/ra/lên/ổn/nổi/chạy/bấm/đổi/giống/có_gì/có_nút/có_chữ/tìm_thấy|"
    "chưa/không/chẳng/chả làm/vào/mở/ấn/cài/tải được|"
    "chưa/không/chẳng ăn_thua/thành_công/nhúc_nhích/biết_làm|mãi không/chưa/chẳng/mà|làm/bấm/ấn mãi/hoài|"
    "thấy/hiện/ra * đâu|được/xong/ổn đâu|có * gì đâu|đâu có|báo/bị/lại/vẫn lỗi|lỗi rồi|vẫn thế/vậy/y_nguyên|"
    "y nguyên|y như cũ|hỏng rồi|bị đơ/kẹt/tắc|thất bại|khó quá|bó tay|nản quá|ra gì|mà không/chẳng/chưa|"
    "bấm không",
    "done": "xong|song suôi/xuôi/rồi|xuôi/ổn/tốt/ngon/thấy/hiện/ra/lên/làm/bấm/ấn/vào rồi|hiện ra rồi|"
    "được rồi|ok rồi|được cả/hết rồi|đã/làm/cài/tải/vào/mở/nhập được|đã vào/thấy/hiện/cài/làm|ngon lành|"
    "chạy ngon|thành công|hoàn tất/thành|báo/làm đúng|hiện/chữ * chào_mừng|chào mừng",
    "back": "quay/lùi/lui/trở/quay_ngược/quay_lui lại/về/lui|bước/phần/trang/mục trước|về trước|trước đó|"
    "ngược lại|lùi/lui một/1 bước|lùi|lui",
    "repeat": "nhắc/nói/lặp/đọc/chỉ/giảng/viết/bảo/hướng_dẫn lại|nói chậm|chậm lại|gửi lại|xem lại bước|"
    "chưa kịp|một lần nữa|lần nữa|chưa/không nghe rõ/kịp|nghe không rõ|chưa/không hiểu|nói gì|nghĩa là sao",
    "later": "để mai/sau/lúc_khác/hôm_khác/hôm_sau/dịp_khác/chiều/tối|lúc/hôm/dịp/bữa khác|hôm sau|"
    "mai/chiều/tối/lát làm|lát/tí/lúc/chốc nữa|ngừng|nghỉ đã/tí/một_lúc|tạm/thôi nghỉ/ngừng|"
    "bận rồi/lắm/quá/tí|đang bận|mệt rồi/quá/lắm|mỏi mắt|mắt mỏi|có khách|phải đi|đi họp|ăn cơm|"
    "chưa/không vội/rảnh|hôm_nào/khi_nào/lúc_nào rảnh|không làm nữa",
    "resume": "làm/học/đi tiếp|tiếp tục|tiếp|làm nốt|tiếp bước|dang/đang/làm dở|dang dở|rảnh/rỗi rồi|"
    "hôm/buổi/lần trước|hôm qua/nọ|còn lại|quay lại rồi/làm",
    "menu": "menu|chức năng|bảng chọn|mục lục|danh mục|danh_sách bài|các bài|trang chủ|về đầu|màn_hình đầu|"
    "biết làm gì|làm/giúp/hướng_dẫn được * gì|có/được những mục/gì|lựa_chọn khác",
    "help_human": "giúp|giúp đỡ|cứu|nhờ/cần/cho/gọi/xin/gặp người|cần/nhờ/đến/sang/qua/tới giúp|"
    "người đến/tới/giúp/sang|đến nhà|gọi cho/hộ/lại/điện|gọi|gặp cán_bộ|nói_chuyện trực_tiếp|người hỗ_trợ|"
    "cử * đến/sang/kèm|cho ai đến/sang|hỗ trợ|tổ_công_nghệ đến",
    "stop_nudges": "thôi/đừng/ngừng/khỏi nhắc|không nhắc nữa|không cần nhắc",
    "allow_nudges": "cứ/bật nhắc|nhắc tiếp|nhắc như_cũ",
    "thanks": "cảm/cám ơn|đội/biết ơn|ơn|quý_hóa quá|giỏi quá|tốt bụng",
    "text_size": "chữ * nhỏ/bé/li_ti|chữ nhỏ/bé/to/lớn|li ti|phóng to|to chữ|cỡ chữ|kích_thước chữ|"
    "tăng/giảm chữ|mắt kém/mờ/yếu|kính lúp|không đọc được|nhìn không rõ/thấy|không nhìn rõ/thấy",
    "my_data": "xem dữ_liệu|dữ_liệu của|đang lưu|lưu/nhớ/giữ/ghi/biết những_gì/gì|lưu/nhớ/giữ/ghi/biết * về|"
    "bản thông_tin|thông_tin * ghi/giữ/lưu về",
    "delete_data": "xóa|xóa/bỏ/hủy hết/sạch/mọi/tất_cả/dữ_liệu/thông_tin/tên/hồ_sơ|"
    "xóa/bỏ/hủy * dữ_liệu/thông_tin/tên_tuổi/hồ_sơ|khỏi hệ_thống",
    "withdraw_consent": "rút|rút * đồng_ý|không/thôi đồng_ý/đồng_tình * nữa/giữ/lưu|"
    "không cho * giữ/lưu/ghi/nữa|không đồng_tình|đổi ý|đừng giữ/lưu/ghi/nhắn|ngừng giữ/lưu/nhắn|hủy đồng_ý|"
    "thôi không đồng_ý/đồng_tình",
}  # fmt: skip
WHOLE: Final[Mapping[str, str]] = {  # meant only when nothing else is said
    "yes": "vâng|dạ|dạ vâng|ừ|ừm|ừ/vâng/dạ đúng/được/có|đồng ý|đúng|đúng rồi/vậy/thế/đấy|phải|phải rồi|có|"
    "có chứ|nhất trí|đồng tình|được đồng_ý/đồng_tình|vâng đồng_ý|chuẩn|chuẩn rồi|cho phép|chính xác|"
    "tất nhiên|yes",
    "no": "không|không/chưa cần/muốn/phải/thích/có|không đồng_ý|thôi|thôi không/khỏi|khỏi|không đâu|"
    "không cần đâu|đừng|chưa|không cần cái_ấy|không cần cái_ấy đâu|thôi không cần|no|sai|không đúng",
    "greeting": "chúc/chào buổi sáng/trưa/chiều/tối|buổi sáng/chiều/tối tốt_lành|có ai không|"
    "có ai đó/ở_đấy không|ê|ới",
}  # fmt: skip
