package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program computes the same bits as in earlier versions.
 *
 * <p>The digests in {@code same-bits.properties} were recorded before the code was rearranged. They
 * depend on the width of the vectors, because the width decides the order in which sums are added.
 * A commit that changes a digest must say why the numbers had to change.
 */
class SameBitsTest {
  @TempDir Path dir;

  @Test
  void hpca() throws IOException {
    run("run", "--rule", "hpca", "--labels", "50%", "--epochs", "2", "--fine-tune-epochs", "2");
    check("hpca", "pretrained.safetensors", "model.safetensors");
  }

  @Test
  void swta() throws IOException {
    run("run", "--rule", "swta", "--labels", "50%", "--epochs", "1", "--fine-tune-epochs", "1");
    check("swta", "pretrained.safetensors", "model.safetensors");
  }

  @Test
  void vae() throws IOException {
    run("run", "--rule", "vae", "--labels", "50%", "--epochs", "1", "--fine-tune-epochs", "1");
    check("vae", "pretrained.safetensors", "model.safetensors");
  }

  @Test
  void softHebb() throws IOException {
    Program.run(
            "run",
            "--rule",
            "softhebb",
            "--labels",
            "100%",
            "--validation",
            "0%",
            "--train-images",
            "12",
            "--test-images",
            "4",
            "--read-out-epochs",
            "3",
            "--out",
            dir.toString())
        .succeeds();
    check("softhebb", "pretrained.safetensors", "model.safetensors");
  }

  @Test
  void table2() throws IOException {
    run(
        "table2",
        "--methods",
        "none",
        "--regimes",
        "50,100",
        "--seeds",
        "1",
        "--epochs",
        "1",
        "--fine-tune-epochs",
        "1");
    check("table2", "none-seed0/pretrained.safetensors", "table2.csv");
  }

  private void run(String... command) {
    String[] few = {"--train-images", "40", "--test-images", "10", "--batch", "16"};
    Stream<String> out = Stream.of("--out", dir.toString());
    Program.run(
            Stream.of(Stream.of(command), Stream.of(few), out)
                .flatMap(words -> words)
                .toArray(String[]::new))
        .succeeds();
  }

  private void check(String run, String... files) throws IOException {
    Properties known = new Properties();
    try (InputStream in = SameBitsTest.class.getResourceAsStream("same-bits.properties")) {
      known.load(in);
    }
    Map<String, String> expected = new TreeMap<>();
    Map<String, String> actual = new TreeMap<>();
    for (String file : files) {
      String key = kernels() + "/" + run + "/" + file;
      expected.put(key, known.getProperty(key));
      actual.put(key, digest(dir.resolve(file)));
    }
    assertEquals(expected, actual);
  }

  private static String digest(Path file) throws IOException {
    return file.toString().endsWith(".csv")
        ? hex(digest().digest(Files.readAllBytes(file)))
        : digestOfTensors(file);
  }

  /**
   * The digest of names, shapes and elements of all tensors, sorted by name. Metadata may change.
   */
  private static String digestOfTensors(Path file) throws IOException {
    MessageDigest digest = digest();
    try (SafeTensors tensors = SafeTensors.read(file)) {
      for (String name : new TreeSet<>(tensors.names())) {
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        int[] shape = tensors.shape(name);
        double[] values = tensors.doubles(name);
        ByteBuffer bytes = ByteBuffer.allocate(4 * shape.length + 8 * values.length);
        for (int size : shape) {
          bytes.putInt(size);
        }
        for (double value : values) {
          bytes.putDouble(value);
        }
        digest.update(bytes.array());
      }
    }
    return hex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** "scalar", or the width of the vectors in bits. */
  private static String kernels() {
    try (Backend cpu = Backend.cpu(1)) {
      String text = cpu.describe();
      return text.contains(", scalar, ")
          ? "scalar"
          : text.replaceFirst(".*vector (\\d+) bit.*", "$1");
    }
  }
}
