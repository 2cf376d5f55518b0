package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataSetTest {

  @Test
  void refusesDifferentShapes() {
    ImageSet train = new ImageSet(2, 1, 1, List.of("a"), new byte[2], new int[1]);
    ImageSet test = new ImageSet(1, 2, 1, List.of("a"), new byte[2], new int[1]);
    var error = assertThrows(IllegalArgumentException.class, () -> new DataSet("odd", train, test));
    assertEquals(
        "data set odd has training images of 2x1x1 but test images of 1x2x1.", error.getMessage());
  }

  @Test
  void refusesDifferentClasses() {
    ImageSet train = new ImageSet(1, 1, 1, List.of("a"), new byte[1], new int[1]);
    ImageSet test = new ImageSet(1, 1, 1, List.of("b"), new byte[1], new int[1]);
    var error = assertThrows(IllegalArgumentException.class, () -> new DataSet("odd", train, test));
    assertEquals("data set odd has training classes [a] but test classes [b].", error.getMessage());
  }

  @Test
  void fingerprintDoesNotDependOnTheName() {
    String fingerprint = dataSet("x", 2, 1, 0, 0).fingerprint();
    assertTrue(fingerprint.matches("[0-9a-f]{64}"));
    assertEquals(fingerprint, dataSet("y", 2, 1, 0, 0).fingerprint());
  }

  @Test
  void fingerprintChangesWithShapePixelsAndLabels() {
    String fingerprint = dataSet("x", 2, 1, 0, 0).fingerprint();
    assertNotEquals(fingerprint, dataSet("x", 1, 2, 0, 0).fingerprint());
    assertNotEquals(fingerprint, dataSet("x", 2, 1, 1, 0).fingerprint());
    assertNotEquals(fingerprint, dataSet("x", 2, 1, 0, 1).fingerprint());
  }

  @Test
  void fingerprintIsTheDigestOfShapesBytesAndLabels() throws NoSuchAlgorithmException {
    byte[] written = {
      0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, // train
      0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 7, 0, 0, 0, 1 // test
    };
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(written);
    assertEquals(HexFormat.of().formatHex(digest), dataSet("x", 2, 1, 7, 1).fingerprint());
  }

  private static DataSet dataSet(String name, int height, int width, int pixel, int label) {
    List<String> names = List.of("a", "b");
    ImageSet train = new ImageSet(height, width, 1, names, new byte[2], new int[1]);
    byte[] pixels = {0, (byte) pixel};
    return new DataSet(
        name, train, new ImageSet(height, width, 1, names, pixels, new int[] {label}));
  }
}
