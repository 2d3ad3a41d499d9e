//! PNG: I05 of the attacks, and what a picture may be.

use super::*;

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(body);
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length[..], kind, body, &sum.sum().to_be_bytes()].concat()
}

fn header(width: u32, height: u32, [depth, colour, interlace]: [u8; 3]) -> Vec<u8> {
    let body = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, interlace]].concat();
    chunk(b"IHDR", &body)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    [PNG_SIGNATURE, &chunks.concat()].concat()
}

/// Three by two pixels of eight-bit RGB.
fn small(between: &[Vec<u8>]) -> Vec<u8> {
    let data = chunk(b"IDAT", &packed(&[0; 20]));
    png(&[vec![header(3, 2, [8, 2, 0])], between.to_vec(), vec![data, chunk(b"IEND", b"")]].concat())
}

fn code(file: &[u8]) -> &'static str {
    Logo::check(file).map_or_else(|error| error.code(), |_| "fine")
}

#[test]
fn a_picture_keeps_its_pixels_and_nothing_else() {
    let plain = Logo::check(&small(&[])).unwrap();
    assert_eq!((plain.kind(), plain.size(), plain.media_type()), (LogoKind::Png, (3.0, 2.0), "image/png"));
    assert_eq!(plain.bytes(), small(&[]), "there is nothing to leave out");
    let bomb = packed(&vec![0; 10 << 20]);
    let said = [
        chunk(b"iCCP", &[b"icc\0\0", &bomb[..]].concat()),
        chunk(b"zTXt", &[b"x\0\0", &bomb[..]].concat()),
        chunk(b"tEXt", b"Comment\0<script>alert(1)</script>"),
        chunk(b"eXIf", b"MM\0*"),
        chunk(b"acTL", &[0, 0, 0, 9, 0, 0, 0, 0]),
    ];
    assert_eq!(Logo::check(&small(&said)).unwrap().bytes(), plain.bytes());
}

#[test]
fn i05_a_flood_is_refused_by_the_size_it_declares() {
    for (width, height) in [(50_000, 50_000), (4_001, 1), (1, 4_001), (0, 5), (5, 0), (u32::MAX, u32::MAX)] {
        // Nothing follows the header: it is not looked for.
        let file = png(&[header(width, height, [8, 6, 0])]);
        let before = Instant::now();
        assert_eq!(Logo::check(&file), Err(BadLogo::Dimensions { width, height }));
        assert!(before.elapsed() < Duration::from_millis(50));
    }
}

#[test]
fn i05_what_is_two_things_is_refused() {
    let after = [small(&[]), b"GIF89a=1;alert(1)".to_vec()].concat();
    assert_eq!(code(&after), "png_invalid");
    let hidden = [packed(&[0; 20]), b"<script>alert(1)</script>".to_vec()].concat();
    let in_data = png(&[header(3, 2, [8, 2, 0]), chunk(b"IDAT", &hidden), chunk(b"IEND", b"")]);
    assert_eq!(code(&in_data), "png_invalid");
    assert_eq!(code(b"GIF89a/*\x89PNG\r\n\x1a\n*/=1;"), "logo_unknown_format");
    let longer = png(&[header(3, 2, [8, 2, 0]), chunk(b"IDAT", &packed(&[0; 21])), chunk(b"IEND", b"")]);
    assert_eq!(code(&longer), "png_invalid");
    let flood =
        png(&[header(3, 2, [8, 2, 0]), chunk(b"IDAT", &packed(&vec![0; 100 << 20])), chunk(b"IEND", b"")]);
    let before = Instant::now();
    assert_eq!(code(&flood), "png_invalid");
    assert!(before.elapsed() < Duration::from_millis(50), "it is unpacked only as far as promised");
}

#[test]
fn a_broken_picture_is_no_logo() {
    let good = small(&[]);
    for cut in 0..good.len() {
        assert_ne!(code(&good[..cut]), "fine", "{cut} bytes");
    }
    for at in PNG_SIGNATURE.len()..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x20;
        assert_ne!(code(&bad), "fine", "byte {at}");
    }
    let of = |chunks: &[Vec<u8>]| code(&png(chunks));
    let (head, data, end) = (header(3, 2, [8, 2, 0]), chunk(b"IDAT", &packed(&[0; 20])), chunk(b"IEND", b""));
    assert_eq!(of(&[data.clone(), end.clone()]), "png_invalid", "no header");
    assert_eq!(of(&[head.clone(), end.clone()]), "png_invalid", "no pixels");
    assert_eq!(of(&[head.clone(), head.clone(), data.clone(), end.clone()]), "png_invalid", "two headers");
    assert_eq!(of(&[head.clone(), chunk(b"EVIL", b""), data.clone(), end.clone()]), "png_invalid");
    assert_eq!(of(&[header(3, 2, [8, 3, 0]), data.clone(), end.clone()]), "png_invalid", "no palette");
    assert_eq!(of(&[header(3, 2, [7, 2, 0]), data, end.clone()]), "png_invalid", "no such depth");
    let filter = chunk(b"IDAT", &packed(&[[5; 10], [0; 10]].concat()));
    assert_eq!(of(&[head, filter, end]), "png_invalid", "no such filter");
}

#[test]
fn palettes_transparency_and_interlacing_are_known() {
    let end = chunk(b"IEND", b"");
    let palette = |entries: usize, clear: usize| {
        png(&[
            header(9, 1, [2, 3, 0]),
            chunk(b"PLTE", &vec![7; entries * 3]),
            chunk(b"tRNS", &vec![0; clear]),
            chunk(b"IDAT", &packed(&[0; 4])),
            end.clone(),
        ])
    };
    let good = palette(4, 4);
    assert_eq!(Logo::check(&good).unwrap().bytes(), good);
    assert_eq!([code(&palette(5, 1)), code(&palette(2, 3))], ["png_invalid"; 2]);
    // Five by five, one byte a pixel: rows of 1, 1, 2 twice, 3, 2 three times and 5 twice, each with its filter.
    let rows: usize = [1, 1, 2, 3, 3, 2, 2, 2, 5, 5].iter().map(|row| row + 1).sum();
    let of = |bytes| png(&[header(5, 5, [8, 0, 1]), chunk(b"IDAT", &packed(&vec![0; bytes])), end.clone()]);
    let sizes: Vec<usize> = (1..99).filter(|bytes| code(&of(*bytes)) == "fine").collect();
    assert_eq!(sizes.len(), 1, "one length fits, {rows} by hand: {sizes:?}");
}
