package org.fasthebb.engine.internal.cuda.kernels;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.engine.internal.cuda.runtime.JCudaLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped PTX, which needs neither a GPU nor a toolkit to be looked at. */
class PtxTest {
  private static final Path KERNELS = Path.of("src/main/cuda");
  private static final Path CALLERS = Path.of("src/main/java/org/fasthebb/engine/internal/cuda");

  private static List<Path> files(Path folder, String pattern) throws IOException {
    Pattern names = Pattern.compile(pattern);
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> names.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  private static Set<String> names(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void belongsToTheSources() throws IOException, NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    List<Path> headers = files(KERNELS, ".*\\.cuh");
    List<Path> sources = files(KERNELS, ".*\\.cu");
    for (Path file : Stream.concat(headers.stream(), sources.stream()).sorted().toList()) {
      hash.update(Files.readAllBytes(file));
    }
    assertEquals(
        "// sources: " + HexFormat.of().formatHex(hash.digest()),
        Driver.ptx().lines().findFirst().orElseThrow(),
        "run src/main/cuda/build.sh: the PTX is not of these sources");
  }

  @Test
  void hasEveryKernelThatIsCalled() throws IOException {
    StringBuilder callers = new StringBuilder();
    for (Path file : files(CALLERS, ".*\\.java")) {
      callers.append(Files.readString(file, UTF_8));
    }
    Set<String> called = names(callers.toString(), "kernel\\(\\s*\"([a-z_]+)\"");
    called.addAll(
        Set.of(
            "reduce_rows",
            "reduce_columns",
            "compete_narrow",
            "compete_wide")); // chosen between in the call
    Set<String> shipped = names(Driver.ptx(), "\\.entry ([a-z_]+)\\(");
    assertEquals(shipped, called);
  }

  @Test
  void asksForAnOldDriverOnly() {
    assertTrue(Driver.ptx().contains("\n.version 7.0\n.target sm_75\n"));
  }

  /** Not again where other tests are of the scalar kernels: the text is the same. */
  @ParameterizedTest
  @ValueSource(strings = {"sm_75", "sm_80", "sm_90"})
  @DisabledIfSystemProperty(named = "fasthebb.expect.kernels", matches = "scalar")
  void assembles(String architecture) {
    try {
      JCudaLoader.load("jcuda.nvptxcompiler.JNvPTXCompiler", "JNvPTXCompiler");
    } catch (IllegalStateException e) {
      assumeTrue(false, "JCuda's assembler cannot be loaded here: " + e.getMessage());
    }
    byte[] source = Driver.ptx().getBytes(US_ASCII);
    byte[] terminated = Arrays.copyOf(source, source.length + 1);
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    JNvPTXCompiler.nvPTXCompilerCreate(compiler, source.length, terminated);
    String[] options = {"--gpu-name=" + architecture};
    int status = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
    assertEquals(0, status, () -> log(compiler));
    JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
  }

  private static String log(nvPTXCompilerHandle compiler) {
    long[] size = new long[1];
    JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
    byte[] log = new byte[(int) size[0]];
    JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
    return new String(log, US_ASCII);
  }
}
