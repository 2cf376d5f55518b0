package org.fasthebb.models.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsMalformedTest {
  @TempDir Path directory;

  /** Writes a file of the given header and data. */
  static Path file(Path directory, String header, byte[] data) throws IOException {
    byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
    return raw(directory, utf8.length, utf8, data);
  }

  private static Path raw(Path directory, long length, byte[] header, byte[] data)
      throws IOException {
    ByteBuffer content =
        ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(length).put(header).put(data);
    return Files.write(directory.resolve("model.safetensors"), content.array());
  }

  private static void assertRefused(Path file, String fact) {
    var e = assertThrows(CheckpointException.class, () -> SafeTensors.read(file).close());
    assertTrue(e.getMessage().contains(fact), e.getMessage());
    assertTrue(e.getMessage().contains(file.getFileName().toString()), e.getMessage());
    assertTrue(e.getMessage().endsWith("."), e.getMessage());
  }

  /** The data have 8 bytes; T stands for a valid F32 tensor over bytes 0 to 8. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "[] # not a JSON object",
        "`   {}` # not a JSON object",
        "{\"a\":T # not the JSON",
        "{\"a\":T}{} # not the JSON",
        "{'a':T} # not the JSON",
        "{\"a\":T,\"a\":T} # 'a' appears twice",
        "{\"__metadata__\":{},\"a\":T,\"__metadata__\":{}} # '__metadata__' appears twice",
        "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"},\"a\":T} # 'k' appears twice",
        "{\"__metadata__\":{\"k\":1},\"a\":T} # 'k' is not a string",
        "{\"__metadata__\":[],\"a\":T} # not the JSON",
        "{\"a\":[]} # not the JSON",
        "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}} # lacks dtype",
        "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}} # lacks dtype, shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}} # lacks dtype, shape or data_offsets",
        "{\"a\":{\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,8]}} # entry 'dtype'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"shape\":[2],\"data_offsets\":[0,8]}} # 'shape'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} # natural numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} # natural numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}} # natural numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9999999999999999999],\"data_offsets\":[0,8]}} #"
            + " natural",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9999999999,9999999999],\"data_offsets\":[0,8]}} #"
            + " large",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}} # data_offsets [0]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} # data_offsets [8, 0]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} # does not fit type F32",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} # 4 bytes before tensor"
            + " 'a'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} # 4 bytes after",
        "{\"a\":T,\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} # 'a' and 'b'"
            + " overlap",
        "{\"a\":T,} # not the JSON",
        "{,\"a\":T} # not the JSON",
        "{\"a\" T} # not the JSON",
        "{\"a\":{\"x\":01,\"dtype\":\"F32\"}} # not the JSON",
        "{\"a\":{\"x\":nul,\"dtype\":\"F32\"}} # not the JSON",
        "{\"\\u00g0\":T} # not the JSON",
        "{\"\\u00 # not the JSON",
        "{\"\\x\":T} # not the JSON",
        "`{\"\t\":T}` # not the JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[02],\"data_offsets\":[0,8]}} # natural numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,],\"data_offsets\":[0,8]}} # not the JSON",
        "{} # 8 bytes after the last tensor",
      })
  void refusesHeader(String header, String fact) throws IOException {
    String tensor = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    assertRefused(file(directory, header.replace("T", tensor), new byte[8]), fact);
  }

  @Test
  void refusesAHeaderNestedTooDeep() throws IOException {
    String header = "{\"a\":{\"x\":" + "[".repeat(1_000_000);
    assertRefused(file(directory, header, new byte[0]), "not the JSON");
  }

  @Test
  void refusesWrongHeaderLength() throws IOException {
    byte[] header = "{}".getBytes(StandardCharsets.UTF_8);
    assertRefused(Files.write(directory.resolve("a"), new byte[5]), "only 5 bytes");
    assertRefused(raw(directory, -1, header, new byte[0]), "18446744073709551615");
    assertRefused(raw(directory, 1L << 40, header, new byte[0]), "1099511627776 bytes");
    assertRefused(raw(directory, 1, header, new byte[0]), "1 bytes");
    assertRefused(raw(directory, 3, header, new byte[0]), "truncated");
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    byte[] header = {'{', '"', (byte) 0xC3, '"', '}'};
    assertRefused(raw(directory, header.length, header, new byte[0]), "not UTF-8");
  }

  @Test
  void namesTheTensorThatIsCutOff() throws IOException {
    Locale locale = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      String header =
          "{\"conv1.weight\":{\"dtype\":\"F32\",\"shape\":[1000],\"data_offsets\":[0,4000]}}";
      Path file = file(directory, header, new byte[3000]);
      long start = 8L + header.length();
      assertRefused(
          file,
          String.format(
              Locale.ROOT,
              "tensor 'conv1.weight' ends at byte 4,%03d but the file has 3,%03d; the file is"
                  + " truncated",
              start,
              start));
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Test
  void refusesTensorsBeyondJavaArrays() throws IOException {
    String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[0,3000000000],\"data_offsets\":[0,0]}}";
    try (SafeTensors read = SafeTensors.read(file(directory, header, new byte[0]))) {
      assertEquals(0, read.longs("a").length);
      var e = assertThrows(CheckpointException.class, () -> read.shape("a"));
      assertTrue(e.getMessage().contains("too large for a Java array"), e.getMessage());
    }
  }

  @Test
  void refusesMissingFileAndDirectory() {
    assertRefused(directory.resolve("missing"), "there is no such file");
    assertRefused(directory, "it is a folder");
  }
}
