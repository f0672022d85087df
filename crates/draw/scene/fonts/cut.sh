#!/bin/sh
# Makes the fonts beside this file from the npm packages that carry them under the SIL Open Font
# License 1.1. Needs npm and fontTools (pip install fonttools). Run it in this folder.
#
# Inter is kept as it is. Of Noto Sans KR only the 2,350 syllables of KS X 1001, the jamo and the
# punctuation they come with are kept; of Noto Sans Arabic the Arabic block with its forms.
set -eu
work=$(mktemp -d)
here=$(pwd)
cd "$work"
for package in inter@0.4.2 noto-sans-kr@0.4.3 noto-sans-arabic@0.4.3; do
    npm pack --silent "@expo-google-fonts/$package" >/dev/null
done
for file in *.tgz; do mkdir -p "${file%.tgz}"; tar xzf "$file" -C "${file%.tgz}"; done
cp expo-google-fonts-inter-*/package/400Regular/Inter_400Regular.ttf "$here/Inter-Regular.ttf"
cp expo-google-fonts-inter-*/package/600SemiBold/Inter_600SemiBold.ttf "$here/Inter-SemiBold.ttf"
cp expo-google-fonts-inter-*/package/LICENSE_FONT "$here/Inter-OFL.txt"
cp expo-google-fonts-noto-sans-kr-*/package/LICENSE_FONT "$here/NotoSansKR-OFL.txt"
cp expo-google-fonts-noto-sans-arabic-*/package/LICENSE_FONT "$here/NotoSansArabic-OFL.txt"
python3 - > hangul.txt <<'PY'
# EUC-KR's rows 0xB0 to 0xC8 are the syllables of KS X 1001.
rows = ["".join(bytes([a, b]).decode("euc-kr") for b in range(0xA1, 0xFF)) for a in range(0xB0, 0xC9)]
jamo = "".join(chr(c) for c in range(0x3131, 0x318F))
marks = "".join(chr(c) for c in (*range(0x20, 0x7F), 0xB7, *range(0x3000, 0x3012), *range(0xFF01, 0xFF5F)))
print("".join(rows) + jamo + marks)
PY
for weight in 400Regular 600SemiBold; do
    name=$(echo "$weight" | sed 's/^[0-9]*//')
    pyftsubset expo-google-fonts-noto-sans-kr-*/package/$weight/*.ttf --text-file=hangul.txt \
        --layout-features= --no-hinting --desubroutinize --output-file="$here/NotoSansKR-$name.ttf"
    pyftsubset expo-google-fonts-noto-sans-arabic-*/package/$weight/*.ttf \
        --unicodes=U+0020-007E,U+00A0-00FF,U+2010-2027,U+0600-06FF,U+FB50-FDFF,U+FE70-FEFF,U+200C-200F --no-hinting \
        --output-file="$here/NotoSansArabic-$name.ttf"
done
rm -r "$work"
