package org.fasthebb.models.image;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Formats of image files, told by their first bytes. */
public enum ImageFormat {
  JPEG("jpg", "jpeg", "jpe", "jfif"),
  PNG("png"),
  GIF("gif"),
  BMP("bmp", "dib"),
  TIFF("tif", "tiff"),
  /** Portable anymaps in binary: P4, P5 and P6. */
  PNM("pbm", "pgm", "ppm", "pnm"),
  WEBP("webp"),
  /** HEIC and AVIF. */
  HEIF("heic", "heif", "avif"),
  JPEG_XL("jxl"),
  JPEG_2000("jp2", "j2k"),
  PHOTOSHOP("psd");

  /** How many bytes {@link #of} looks at. */
  public static final int START = 32;

  /** The formats by the endings of names. */
  private static final class Endings {
    static final Map<String, ImageFormat> FORMATS = new HashMap<>();
  }

  ImageFormat(String... endings) {
    for (String ending : endings) {
      Endings.FORMATS.put(ending, this);
    }
  }

  /** Whether {@link ImageDecoder} reads files of this format. */
  public boolean isRead() {
    return compareTo(WEBP) < 0;
  }

  /** The format whose files usually have such a name. */
  public static Optional<ImageFormat> ofName(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Optional.ofNullable(Endings.FORMATS.get(ending));
  }

  /**
   * The format of a file.
   *
   * @param file its bytes, or the first {@link #START} of them
   */
  public static Optional<ImageFormat> of(byte[] file) {
    int length = Math.min(file.length, START);
    // Latin-1 keeps each byte as one character.
    String start = new String(file, 0, length, StandardCharsets.ISO_8859_1);
    if (start.startsWith("\u00FF\u00D8\u00FF")) {
      return Optional.of(JPEG);
    }
    if (start.startsWith("\u0089PNG\r\n\u001A\n")) {
      return Optional.of(PNG);
    }
    if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
      return Optional.of(GIF);
    }
    if (isBmp(start)) {
      return Optional.of(BMP);
    }
    if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
      return Optional.of(TIFF);
    }
    if (start.length() > 2 && start.matches("(?s)P[456][ \t\r\n#].*")) {
      return Optional.of(PNM);
    }
    if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
      return Optional.of(WEBP);
    }
    if (start.startsWith("ftyp", 4) && start.matches("(?s).{8}(hei|hev|mif|msf|avi).*")) {
      return Optional.of(HEIF);
    }
    if (start.startsWith("\u00FF\n") || start.startsWith("JXL ", 4)) {
      return Optional.of(JPEG_XL);
    }
    if (start.startsWith("jP  ", 4) || start.startsWith("\u00FFO\u00FFQ")) {
      return Optional.of(JPEG_2000);
    }
    return start.startsWith("8BPS") ? Optional.of(PHOTOSHOP) : Optional.empty();
  }

  /** Two letters alone are too few: a text may begin with them. */
  private static boolean isBmp(String start) {
    return start.startsWith("BM")
        && start.length() >= 18
        && start.startsWith("\0\0\0", 15)
        && Set.of(12, 40, 52, 56, 64, 108, 124).contains((int) start.charAt(14));
  }
}
