package org.fasthebb.models.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of all kinds that are read give the bytes that Pillow gives. */
class PillowTest {
  static List<String> lines() throws IOException {
    try (InputStream in = PillowTest.class.getResourceAsStream("pillow.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void sameBytes(String line) throws IOException {
    String[] words = line.split(" ");
    byte[] file = Base64.getDecoder().decode(words[1]);
    check(words[0], file, Orientation.STORED, words[2], words[3]);
    int upright = words.length - 2; // the same again unless the file notes an orientation
    check(words[0], file, Orientation.UPRIGHT, words[upright], words[upright + 1]);
  }

  private static void check(
      String name, byte[] file, Orientation orientation, String size, String rgb)
      throws IOException {
    RgbImage image = ImageDecoder.decode(file, orientation);
    assertEquals(size, image.width() + "x" + image.height(), name);
    assertArrayEquals(Base64.getDecoder().decode(rgb), image.rgb(), name);
  }
}
