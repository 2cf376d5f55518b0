package org.fasthebb.models.learn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.testing.FuzzTest;

/** States of a training, damaged, and sealed again so that the checksum does not stop them. */
class LoopStateFuzzTest extends FuzzTest {
  private static final Backend CPU = Backend.cpu(1);
  private static final Pattern CHECKSUM = Pattern.compile("(?<=\"sha256\":\")[^\"]{64}(?=\")");

  private static LoopState state() {
    Map<String, Tensor> tensors = Map.of("w", CPU.zeros(2));
    return new LoopState("me", tensors, tensors, Criterion.ACCURACY);
  }

  @Override
  protected List<byte[]> seeds() throws IOException {
    Path file = folder().resolve("state");
    LoopState state = state();
    state.save(file);
    byte[] first = Files.readAllBytes(file);
    state.endEpoch(0.5, 0.25);
    state.endEpoch(0.4, 0.75);
    state.image = 7;
    state.save(file);
    return List.of(first, Files.readAllBytes(file));
  }

  @Override
  protected void parse(byte[] input) throws IOException {
    state().load(file("input", sealed(input)));
  }

  private static byte[] sealed(byte[] input) {
    Matcher checksum = CHECKSUM.matcher(new String(input, ISO_8859_1));
    byte[] open = checksum.replaceFirst("0".repeat(64)).getBytes(ISO_8859_1);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(open);
      return checksum.replaceFirst(HexFormat.of().formatHex(digest)).getBytes(ISO_8859_1);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return e instanceof CheckpointException;
  }
}
