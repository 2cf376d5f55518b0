package org.fasthebb.models.image;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.fasthebb.models.data.TarReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Photos from file to square: the bytes that Pillow gives, by whichever decoder. */
class PillowSquareTest {
  private static final int SIDE = 210;

  @Test
  void hundredPhotosOfImageNet() throws IOException {
    Map<String, byte[]> photos = photos();
    List<String> lines;
    try (InputStream in = PillowSquareTest.class.getResourceAsStream("pillow-210.txt");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      lines = reader.lines().filter(line -> !line.startsWith("#")).toList();
    }
    assertEquals(100, photos.size());
    assertAll(
        lines.stream()
            .map(line -> line.split(" "))
            .map(words -> same(words[1], words[0], photos.get(words[1]))));
  }

  /** The content of each file by its name without folders. */
  private static Map<String, byte[]> photos() throws IOException {
    Path archive =
        Path.of(System.getProperty("fasthebb.shared", "../../shared"))
            .resolve("data/imagenet-sample-100.tar");
    assumeTrue(Files.exists(archive), "there is no " + archive + "; see fasthebb.shared");
    Map<String, byte[]> photos = new HashMap<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
      TarReader tar = new TarReader(in, archive.toString());
      for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
        if (entry.kind() == TarReader.EntryKind.FILE) {
          String name = entry.name().substring(entry.name().lastIndexOf('/') + 1);
          photos.put(name, tar.content().readAllBytes());
        }
      }
    }
    return photos;
  }

  private static Executable same(String name, String hash, byte[] photo) {
    return () -> {
      byte[] square = ImageDecoder.square(photo, SIDE, Orientation.STORED);
      assertEquals(hash, hash(square), name);
      RgbImage byJdk = JpegImage.open(photo).decodeByJdk();
      assertEquals(hash, hash(Resize.centreSquare(byJdk, SIDE)), name + " by the JDK");
    };
  }

  /** All pairs of a colour and black, as Pillow 12.3.0 converts them. */
  @Test
  void cmyk() {
    byte[] rgb = new byte[3 << 16];
    for (int c = 0; c < 256; c++) {
      for (int k = 0; k < 256; k++) {
        int[] pixel = {c, 255 - c, c / 2, k};
        Samples.cmykToRgb(pixel);
        for (int i = 0; i < 3; i++) {
          rgb[3 * (256 * c + k) + i] = (byte) pixel[i];
        }
      }
    }
    assertEquals("e58e53048d505d398da5c2f79cb9c5549f0dda3479dd2bd8986544d75e8c79ac", hash(rgb));
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
