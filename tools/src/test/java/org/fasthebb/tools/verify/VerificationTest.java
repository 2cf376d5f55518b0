package org.fasthebb.tools.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.tools.verify.CaseResult.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
  @TempDir private Path folder;

  private static List<CaseResult> verify(Path file) throws IOException {
    try (Backend cpu = Backend.cpu(2)) {
      return Verification.verify(file, cpu);
    }
  }

  private static List<String> names(List<CaseResult> results, Verdict outcome) {
    return results.stream().filter(r -> r.outcome() == outcome).map(CaseResult::name).toList();
  }

  private GoldenCopy copy(String name) throws IOException {
    return GoldenCopy.of(GoldenCopy.resource(folder, name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer_swta", "modified_bn", "softhebb"})
  void recordedNumbersAreMet(String name) throws IOException {
    List<CaseResult> results = verify(GoldenCopy.resource(folder, name));
    assertTrue(results.size() >= 4);
    assertEquals(results.size(), names(results, Verdict.OK).size(), results::toString);
  }

  static Stream<String> everyTensor() {
    return Stream.of(
        "base.s",
        "scaled.r",
        "strong.c",
        "guard.y_out",
        "base.delta_w_nonfast",
        "guard.delta_w_fast",
        "strong.delta_w_fastmid",
        "scaled.w_after",
        "final.s",
        "final.r",
        "final.c",
        "final.y_out",
        "final.delta_w_nonfast",
        "final.delta_w_fast",
        "final.w_after");
  }

  @ParameterizedTest
  @MethodSource("everyTensor")
  void oneWrongValueFailsItsCaseAlone(String tensor) throws IOException {
    oneWrongValueFailsItsCaseAlone("layer_swta", tensor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "soft.u.step1",
        "init25.y.step2",
        "b2.delta_w_raw.step1",
        "soft.delta_w.step2",
        "init25.lr.step2",
        "b2.w.step2",
        "soft.triangle.step1",
        "b2.u_eval",
        "block.bn",
        "block.running_var",
        "block.delta_w",
        "block.act",
        "block.maxpool_k4s2p1",
        "block.avgpool_k2s2"
      })
  void oneWrongValueOfSoftHebbFailsItsCaseAlone(String tensor) throws IOException {
    oneWrongValueFailsItsCaseAlone("softhebb", tensor);
  }

  private void oneWrongValueFailsItsCaseAlone(String file, String tensor) throws IOException {
    GoldenCopy golden = copy(file);
    double[] values = golden.values(tensor);
    double largest = Arrays.stream(values).map(Math::abs).max().getAsDouble();
    values[values.length / 2] += 1e-4 * largest;
    List<CaseResult> results = verify(golden.write(folder.resolve(file + ".safetensors")));
    List<String> failed = names(results, Verdict.FAILED);
    assertEquals(1, failed.size(), results::toString);
    String name = tensor.substring(0, tensor.indexOf('.'));
    String title = failed.getFirst() + " ";
    assertTrue(title.startsWith(file + " " + name + " "), title);
    String detail =
        results.stream().filter(r -> r.outcome() == Verdict.FAILED).findFirst().get().detail();
    assertTrue(detail.contains("1 failed, worst " + tensor), detail);
  }

  @Test
  void nanFailsWhereverItIs() throws IOException {
    for (String tensor : copy("modified_bn").names()) {
      if (tensor.startsWith("mod_fc.")) {
        GoldenCopy golden = copy("modified_bn");
        golden.values(tensor)[0] = Double.NaN;
        List<CaseResult> results = verify(golden.write(folder.resolve("modified_bn.safetensors")));
        assertEquals(List.of("modified_bn mod_fc"), names(results, Verdict.FAILED), tensor);
      }
    }
  }

  @Test
  void unknownTensorsAreSkippedAndCounted() throws IOException {
    GoldenCopy golden = copy("layer_swta");
    golden.put("base.mystery", new double[] {1, 2}, 2).put("base.puzzle", new double[] {3}, 1);
    List<CaseResult> results = verify(golden.write(folder.resolve("layer_swta.safetensors")));
    List<CaseResult> skipped =
        results.stream().filter(r -> r.outcome() == Verdict.SKIPPED).toList();
    assertEquals(1, skipped.size(), results::toString);
    assertEquals("2 tensors not implemented: base.mystery ...", skipped.getFirst().detail());
  }

  @Test
  void fileOfUnknownKindIsSkipped() throws IOException {
    GoldenCopy golden = new GoldenCopy().put("a", new double[] {1}, 1);
    List<CaseResult> results = verify(golden.write(folder.resolve("other.safetensors")));
    assertEquals(List.of("other"), names(results, Verdict.SKIPPED));
  }

  /**
   * The first step of the network for ImageNet and the whitening of its images, with images from
   * the generator. The other numbers that were recorded from them take minutes.
   */
  @ParameterizedTest
  @ValueSource(strings = {"net10_hpca_1step", "zca210_apply"})
  void recordedNumbersAtTheSizeOfImageNet(String name) throws IOException {
    List<CaseResult> results = verify(GoldenCopy.resource(folder, name));
    assertTrue(results.size() >= 6);
    assertEquals(results.size(), names(results, Verdict.OK).size(), results::toString);
  }

  /** A file that names other images than its numbers were recorded from fails. */
  @Test
  void otherImagesFail() throws IOException {
    GoldenCopy golden = copy("zca210_apply").putInteger("seed", 127);
    List<CaseResult> results = verify(golden.write(folder.resolve("zca210_apply.safetensors")));
    assertEquals(results.size(), names(results, Verdict.FAILED).size(), results::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"net10_hpca", "vae10", "zca210"})
  void imagesWithoutASizeFail(String name) throws IOException {
    GoldenCopy golden =
        new GoldenCopy()
            .putInteger("seed", 1)
            .putInteger("filter_size", 32)
            .putIntegers(name.equals("zca210") ? "images_shape" : "x_shape", 4, 3, 9, 0)
            .put("eps", new double[] {1, 2}, 1, 2)
            .put("apply.x_white.stats", new double[6], 6)
            .put("out.conv1.stats", new double[6], 6)
            .put("loss_mse_kl_total", new double[3], 1, 3);
    List<CaseResult> results = verify(golden.write(folder.resolve(name + ".safetensors")));
    assertTrue(!names(results, Verdict.FAILED).isEmpty(), results::toString);
    assertEquals(List.of(), names(results, Verdict.OK));
  }

  /** A file that contains its images is not skipped, and fails if the images do not fit. */
  @Test
  void imagesThatDoNotFitFail() throws IOException {
    GoldenCopy golden =
        new GoldenCopy()
            .putInteger("seed", 1)
            .put("x", new double[1], 1, 1, 1, 1)
            .put("eps", new double[1], 1, 1)
            .put("loss_mse_kl_total", new double[3], 1, 3);
    List<CaseResult> results = verify(golden.write(folder.resolve("vae10.safetensors")));
    assertTrue(names(results, Verdict.FAILED).contains("vae10 outputs"), results::toString);
    assertTrue(
        results.toString().contains("too small for the network imagenet"), results::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer_swta", "modified_bn", "softhebb"})
  void kindShowsInTensorsIfNotInTheName(String name) throws IOException {
    List<CaseResult> results = verify(copy(name).write(folder.resolve("numbers.safetensors")));
    assertTrue(results.size() >= 4);
    assertEquals(results.size(), names(results, Verdict.OK).size(), results::toString);
  }

  @Test
  void formOfBatchNormShowsInItsNumbersIfNotInTheName() throws IOException {
    GoldenCopy golden = copy("modified_bn");
    GoldenCopy renamed = new GoldenCopy();
    for (String form : new String[] {"plain_affine", "mod_affine"}) {
      for (String tensor : golden.names()) {
        if (tensor.startsWith(form + ".")) {
          double[] values = golden.values(tensor);
          int[] shape = values.length == 5 ? new int[] {5} : new int[] {6, 5, 4, 3};
          renamed.put("n_" + tensor, values, shape);
        }
      }
    }
    List<CaseResult> results = verify(renamed.write(folder.resolve("modified_bn.safetensors")));
    assertEquals(2, names(results, Verdict.OK).size(), results::toString);
  }

  @Test
  void caseWithoutItsInputFailsAlone() throws IOException {
    GoldenCopy golden = copy("layer_swta").remove("strong.w");
    List<CaseResult> results = verify(golden.write(folder.resolve("layer_swta.safetensors")));
    assertEquals(2, names(results, Verdict.FAILED).size(), results::toString);
    assertEquals(8, names(results, Verdict.OK).size(), results::toString);
    assertTrue(results.toString().contains("there is no tensor 'strong.w'"), results::toString);
  }

  @Test
  void tensorOfWrongLengthFails() throws IOException {
    GoldenCopy golden = copy("layer_swta").put("base.s", new double[] {1, 2}, 2);
    List<CaseResult> results = verify(golden.write(folder.resolve("layer_swta.safetensors")));
    assertEquals(List.of("layer_swta base s,c,y_out,w_after"), names(results, Verdict.FAILED));
    assertTrue(
        results.toString().contains("there are 2 values where 700 are computed"),
        results::toString);
  }
}
