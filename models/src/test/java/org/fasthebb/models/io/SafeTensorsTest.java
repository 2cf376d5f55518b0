package org.fasthebb.models.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
  @TempDir Path directory;

  private static SafeTensorsWriter sample() {
    return SafeTensors.writer()
        .metadata("rule", "swta \"ä\"\n")
        .metadata("epoch", "3")
        .floats("conv1.weight", new int[] {2, 3}, new float[] {1, -2, 3.5f, 0, -0f, Float.NaN})
        .longs("step", new int[] {}, new long[] {Long.MIN_VALUE + 1})
        .doubles("mean", new int[] {1, 2}, new double[] {Math.PI, -1e300})
        .floats("empty", new int[] {4, 0, 2}, new float[0]);
  }

  @Test
  void roundTrip() throws IOException {
    Path file = directory.resolve("model.safetensors");
    sample().write(file);
    try (SafeTensors read = SafeTensors.read(file)) {
      assertEquals(List.of("conv1.weight", "step", "mean", "empty"), read.names());
      assertEquals(List.of("rule", "epoch", "sha256"), new ArrayList<>(read.metadata().keySet()));
      assertEquals("swta \"ä\"\n", read.metadata().get("rule"));
      assertArrayEquals(new int[] {2, 3}, read.shape("conv1.weight"));
      assertArrayEquals(new int[0], read.shape("step"));
      assertArrayEquals(new int[] {4, 0, 2}, read.shape("empty"));
      assertEquals("F64", read.dtype("mean"));
      float[] weight = {1, -2, 3.5f, 0, -0f, Float.NaN};
      assertArrayEquals(weight, read.floats("conv1.weight"));
      assertArrayEquals(
          new double[] {1, -2, 3.5, 0, -0.0, Double.NaN}, read.doubles("conv1.weight"));
      assertArrayEquals(new long[] {Long.MIN_VALUE + 1}, read.longs("step"));
      assertArrayEquals(new double[] {Math.PI, -1e300}, read.doubles("mean"));
      assertArrayEquals(
          new float[] {(float) Math.PI, Float.NEGATIVE_INFINITY}, read.floats("mean"));
      assertEquals(0, read.floats("empty").length);
      read.verifyChecksum();
      assertEquals(0, headerLength(file) % 8);
    }
  }

  @Test
  void emptyFile() throws IOException {
    Path file = directory.resolve("empty.safetensors");
    SafeTensors.writer().write(file);
    try (SafeTensors read = SafeTensors.read(file)) {
      assertTrue(read.names().isEmpty());
      read.verifyChecksum();
    }
  }

  @Test
  void equalContentGivesEqualBytes() throws IOException {
    Path first = directory.resolve("a");
    Path second = directory.resolve("b");
    sample().write(first);
    sample().write(second);
    assertEquals(-1, Files.mismatch(first, second));
  }

  @Test
  void arraysLargerThanTheBufferAreComplete() throws IOException {
    double[] doubles = new double[100_003];
    float[] floats = new float[200_001];
    long[] longs = new long[65_537];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i;
      doubles[i % doubles.length] = -i;
      longs[i % longs.length] = (long) i << 32;
    }
    Path file = directory.resolve("large.safetensors");
    SafeTensors.writer()
        .floats("f", new int[] {floats.length}, floats)
        .doubles("d", new int[] {doubles.length}, doubles)
        .longs("l", new int[] {longs.length}, longs)
        .write(file);
    try (SafeTensors read = SafeTensors.read(file)) {
      read.verifyChecksum();
      assertArrayEquals(floats, read.floats("f"));
      assertArrayEquals(doubles, read.doubles("d"));
      assertArrayEquals(longs, read.longs("l"));
    }
  }

  @Test
  void everyFlippedByteIsDetected() throws IOException {
    Path file = directory.resolve("model.safetensors");
    sample().write(file);
    byte[] content = Files.readAllBytes(file);
    for (int i = 0; i < content.length; i++) {
      byte[] damaged = content.clone();
      damaged[i] ^= 1;
      Path copy = Files.write(directory.resolve("damaged.safetensors"), damaged);
      var e =
          assertThrows(
              CheckpointException.class,
              () -> {
                try (SafeTensors read = SafeTensors.read(copy)) {
                  read.verifyChecksum();
                }
              },
              "byte " + i);
      assertTrue(e.getMessage().contains("damaged"), e.getMessage());
    }
  }

  // ---- files that other programs wrote

  private static final String EMPTY_TENSOR =
      "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]";

  @Test
  void metadataMayBeNullAndTensorsMayHaveMoreFields() throws IOException {
    String header = "{\"__metadata__\":null," + EMPTY_TENSOR + ",\"z\":{\"y\":[1,null]},\"z\":2}}";
    try (SafeTensors read =
        SafeTensors.read(SafeTensorsMalformedTest.file(directory, header, new byte[0]))) {
      assertEquals(List.of("a"), read.names());
      assertTrue(read.metadata().isEmpty());
      assertEquals(0, read.floats("a").length);
    }
  }

  @Test
  void escapedNamesAreRead() throws IOException {
    String name = "\"\\/\b\f\n\r\t\u00e9\u2028";
    String header = EMPTY_TENSOR.replace("\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\u2028\"");
    try (SafeTensors read =
        SafeTensors.read(
            SafeTensorsMalformedTest.file(directory, "{" + header + "}}", new byte[0]))) {
      assertEquals(List.of(name), read.names());
    }
  }

  /** Gson reads every text that is written as it was. */
  @Test
  void textsAreWrittenAsJson() throws IOException {
    StringBuilder every = new StringBuilder();
    for (char c = 0; c < 0x100; c++) {
      every.append(c);
    }
    String text = every + "\u2028\u2029\ud83d\ude00";
    Path file = directory.resolve("model.safetensors");
    SafeTensors.writer().metadata(text, text).floats(text, new int[0], new float[1]).write(file);
    byte[] content = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String json = new String(content, 8, length, StandardCharsets.UTF_8);
    JsonObject header = JsonParser.parseString(json).getAsJsonObject();
    assertEquals(text, header.getAsJsonObject("__metadata__").get(text).getAsString());
    assertEquals("F32", header.getAsJsonObject(text).get("dtype").getAsString());
    try (SafeTensors read = SafeTensors.read(file)) {
      assertEquals(List.of(text), read.names());
      assertEquals(text, read.metadata().get(text));
    }
  }

  /** The same content in another order, as Python's safetensors saves it: wide types first. */
  @Test
  void theSameContentInAnotherOrderIsWhole() throws IOException {
    Path file = directory.resolve("model.safetensors");
    sample().write(file);
    String checksum;
    try (SafeTensors read = SafeTensors.read(file)) {
      checksum = read.metadata().get("sha256");
    }
    String header =
        """
        {"__metadata__":{"epoch":"3","sha256":"%s","rule":"swta \\"ä\\"\\n"},
        "mean":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},
        "step":{"dtype":"I64","shape":[],"data_offsets":[16,24]},
        "conv1.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[24,48]},
        "empty":{"dtype":"F32","shape":[4,0,2],"data_offsets":[48,48]}}\
        """
            .formatted(checksum);
    ByteBuffer data = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(Math.PI).putDouble(-1e300).putLong(Long.MIN_VALUE + 1);
    for (float value : new float[] {1, -2, 3.5f, 0, -0f, Float.NaN}) {
      data.putFloat(value);
    }
    try (SafeTensors read =
        SafeTensors.read(SafeTensorsMalformedTest.file(directory, header, data.array()))) {
      read.verifyChecksum();
      assertArrayEquals(new double[] {Math.PI, -1e300}, read.doubles("mean"));
    }
    data.put(47, (byte) (data.get(47) ^ 1));
    try (SafeTensors read =
        SafeTensors.read(SafeTensorsMalformedTest.file(directory, header, data.array()))) {
      var e = assertThrows(CheckpointException.class, read::verifyChecksum);
      assertTrue(e.getMessage().contains("does not match its checksum"), e.getMessage());
      assertTrue(e.getMessage().contains("set its metadata entry sha256 to 'unchecked'"));
    }
    String unchecked = header.replace(checksum, "unchecked");
    try (SafeTensors read =
        SafeTensors.read(SafeTensorsMalformedTest.file(directory, unchecked, data.array()))) {
      read.verifyChecksum();
    }
  }

  /** Files of version 0.1 have a checksum over their bytes, with zeros in its place. */
  @Test
  void checksumOfVersion1() throws IOException, NoSuchAlgorithmException {
    String blank =
        "{\"__metadata__\":{\"sha256\":\"" + "0".repeat(64) + "\"}," + EMPTY_TENSOR + "}}";
    Path file = SafeTensorsMalformedTest.file(directory, blank, new byte[0]);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    String header = blank.replace("0".repeat(64), HexFormat.of().formatHex(digest));
    Path whole = SafeTensorsMalformedTest.file(directory, header, new byte[0]);
    try (SafeTensors read = SafeTensors.read(whole)) {
      read.verifyChecksum();
    }
    String changed = header.replace("\"a\"", "\"b\"");
    try (SafeTensors read =
        SafeTensors.read(SafeTensorsMalformedTest.file(directory, changed, new byte[0]))) {
      assertThrows(CheckpointException.class, read::verifyChecksum);
    }
  }

  @Test
  void aFileThatIsCutShortWhileItIsOpen() throws IOException {
    Path file = directory.resolve("model.safetensors");
    sample().floats("large", new int[] {100_000}, new float[100_000]).write(file);
    try (SafeTensors read = SafeTensors.read(file)) {
      Files.write(file, new byte[0]);
      read.verifyChecksum();
      assertArrayEquals(new float[100_000], read.floats("large"));
    }
  }

  @Test
  void numbersThatAreNotFinite() throws IOException {
    Path file = directory.resolve("model.safetensors");
    sample().floats("fine", new int[] {2}, new float[] {1, -2}).write(file);
    try (SafeTensors read = SafeTensors.read(file, "ask for another")) {
      assertArrayEquals(new float[] {1, -2}, read.finiteFloats("fine"));
      var e = assertThrows(CheckpointException.class, () -> read.finiteFloats("conv1.weight"));
      assertEquals(
          file + ": tensor 'conv1.weight' holds values that are not finite; ask for another",
          e.getMessage());
    }
  }

  @Test
  void everyTruncationIsDetected() throws IOException {
    Path file = directory.resolve("model.safetensors");
    sample().write(file);
    byte[] content = Files.readAllBytes(file);
    for (int size = 0; size < content.length; size++) {
      Path copy = Files.write(directory.resolve("short.safetensors"), Arrays.copyOf(content, size));
      assertThrows(CheckpointException.class, () -> SafeTensors.read(copy).close());
    }
  }

  /** What was mapped stays as it was when the file is replaced. */
  @Test
  void mappedFilesReadAlike() throws IOException {
    Path file = directory.resolve("model.safetensors");
    float[] rows = new float[300 * 257];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    sample()
        .rows("rows", 300, 257, i -> Arrays.copyOfRange(rows, 257 * i, 257 * (i + 1)))
        .write(file);
    try (SafeTensors mapped = SafeTensors.map(file, "get another copy")) {
      SafeTensors.writer().write(file);
      mapped.verifyChecksum();
      assertArrayEquals(rows, mapped.floats("rows"));
      assertArrayEquals(new double[] {Math.PI, -1e300}, mapped.doubles("mean"));
      assertArrayEquals(
          Arrays.copyOfRange(rows, 256, 1000), mapped.floats("rows", 256, 1000 - 256));
      assertThrows(
          IndexOutOfBoundsException.class, () -> mapped.floats("rows", rows.length - 1, 2));
      assertThrows(IllegalArgumentException.class, () -> mapped.floats("mean", 0, 1));
    }
    SafeTensors.map(file, "get another copy").close(); // without data
    sample().write(file);
    SafeTensors closed = SafeTensors.map(file, "get another copy");
    closed.close();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.floats("conv1.weight", 0, 1));
    Files.write(file, new byte[9]);
    assertThrows(CheckpointException.class, () -> SafeTensors.map(file, "get another copy"));
  }

  @Test
  void openFileCanBeReplacedAfterClose() throws IOException {
    Path file = directory.resolve("model.safetensors");
    sample().write(file);
    SafeTensors read = SafeTensors.read(file);
    read.close();
    read.close();
    sample().metadata("more", "1").write(file);
    Files.delete(file);
    assertFalse(Files.exists(file));
    assertThrows(IllegalStateException.class, () -> read.floats("conv1.weight"));
  }

  @Test
  void readsEveryIntegerType() throws IOException {
    String header =
        """
        {"u":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},\
        "i":{"dtype":"I32","shape":[1],"data_offsets":[3,7]},\
        "h":{"dtype":"F16","shape":[1],"data_offsets":[7,9]},\
        "x":{"dtype":"Q3","shape":[2000000000],"data_offsets":[9,9]}}\
        """;
    byte[] data = {0, 127, -1, -2, -1, -1, -1, 0, 60};
    try (SafeTensors read =
        SafeTensors.read(SafeTensorsMalformedTest.file(directory, header, data))) {
      assertArrayEquals(new long[] {0, 127, 255}, read.longs("u"));
      assertArrayEquals(new long[] {-2}, read.longs("i"));
      for (String name : List.of("h", "x")) {
        var e = assertThrows(CheckpointException.class, () -> read.floats(name));
        assertTrue(e.getMessage().contains(read.dtype(name)), e.getMessage());
      }
      assertThrows(CheckpointException.class, () -> read.longs("h"));
      assertThrows(CheckpointException.class, () -> read.doubles("u"));
      var e = assertThrows(CheckpointException.class, () -> read.shape("w"));
      assertTrue(e.getMessage().contains("no tensor 'w'"), e.getMessage());
      e = assertThrows(CheckpointException.class, read::verifyChecksum);
      assertTrue(e.getMessage().contains("no checksum"), e.getMessage());
    }
  }

  @Test
  void writerRefusesWrongArguments() {
    SafeTensorsWriter writer = sample();
    int[] two = {2};
    for (Runnable wrong :
        List.<Runnable>of(
            () -> writer.metadata("sha256", "1"),
            () -> writer.metadata("epoch", "4"),
            () -> writer.floats("mean", two, new float[2]),
            () -> writer.floats("__metadata__", two, new float[2]),
            () -> writer.floats("a", two, new float[3]),
            () -> writer.floats("a", new int[] {-1, -2}, new float[2]),
            () -> writer.floats("a", new int[] {-1, 0}, new float[0]),
            () -> writer.floats("a", new int[] {1 << 16, 1 << 16, 1 << 16, 1 << 16}, new float[0]),
            () -> writer.longs("a", new int[] {}, new long[0]))) {
      assertThrows(IllegalArgumentException.class, wrong::run);
    }
  }

  @Test
  void readsGoldenFiles() throws IOException {
    String shared = System.getProperty("fasthebb.shared");
    Assumptions.assumeTrue(shared != null, "fasthebb.shared is not set: golden files not read");
    Path golden = Path.of(shared, "golden");
    Assumptions.assumeTrue(Files.isDirectory(golden), golden + " is missing");
    try (SafeTensors read = SafeTensors.read(golden.resolve("net6_hpca.safetensors"))) {
      assertEquals(273, read.names().size());
      assertArrayEquals(new int[] {5, 8, 3, 32, 32}, read.shape("x"));
      assertEquals(5 * 8 * 3 * 32 * 32, read.floats("x").length);
      assertEquals(40, read.longs("labels").length);
      assertEquals(6, read.doubles("out.conv1.stats").length);
      assertTrue(read.metadata().isEmpty());
    }
    try (var files = Files.newDirectoryStream(golden, "*.safetensors")) {
      for (Path file : files) {
        SafeTensors.read(file).close();
      }
    }
  }

  private static long headerLength(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    String text = new String(content, StandardCharsets.ISO_8859_1);
    assertTrue(text.startsWith("{", 8));
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
