package org.fasthebb.tools.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.fasthebb.tools.verify.CaseResult.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Golden files of other sizes, computed from the formulas in float64, patch by patch. */
class OtherSizesTest {
  private static final int BATCH = 3;
  private static final int C = 2;
  private static final int H = 6;
  private static final int W = 5;
  private static final int N = 33;
  private static final int KH = 3;
  private static final int KW = 2;
  private static final int HO = H - KH + 1;
  private static final int WO = W - KW + 1;
  private static final int B = BATCH * HO * WO;
  private static final int S = C * KH * KW;

  @TempDir private Path folder;
  private final double[] images = numbers(1, BATCH * C * H * W);
  private final double[] w = numbers(2, N * S);
  private final double[][] x = patches();

  /** Numbers that are exact as floats. */
  private static double[] numbers(long seed, int n) {
    Random random = new Random(seed);
    return random.doubles(n).map(u -> (float) (2 * u - 1)).toArray();
  }

  /** Patches (B, S) in PyTorch's order: rows (image, y, x), columns (channel, i, j). */
  private double[][] patches() {
    double[][] patches = new double[B][S];
    for (int b = 0; b < B; b++) {
      int image = b / (HO * WO);
      int top = b / WO % HO;
      int left = b % WO;
      for (int s = 0; s < S; s++) {
        int c = s / (KH * KW);
        int row = top + s / KW % KH;
        int column = left + s % KW;
        patches[b][s] = images[((image * C + c) * H + row) * W + column];
      }
    }
    return patches;
  }

  private double dot(int b, int n) {
    double dot = 0;
    for (int s = 0; s < S; s++) {
      dot += x[b][s] * w[n * S + s];
    }
    return dot;
  }

  private static double norm(double[] values, int from, int n) {
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += values[i] * values[i];
    }
    return Math.sqrt(sum);
  }

  private interface Value {
    double at(int b, int n);
  }

  /** Values of neurons for patches as (batch, N, Ho, Wo). */
  private static double[] maps(Value value) {
    double[] maps = new double[B * N];
    for (int b = 0; b < B; b++) {
      for (int n = 0; n < N; n++) {
        maps[(b / (HO * WO) * N + n) * HO * WO + b % (HO * WO)] = value.at(b, n);
      }
    }
    return maps;
  }

  private void put(GoldenCopy golden, String name, double[] values) {
    boolean weights = values.length == N * S;
    golden.put(
        "n33." + name, values, weights ? new int[] {N, C, KH, KW} : new int[] {BATCH, N, HO, WO});
  }

  private void putDelta(GoldenCopy golden, double[] delta) {
    double[] after = new double[delta.length];
    for (int i = 0; i < after.length; i++) {
      after[i] = w[i] + 1e-3 * delta[i];
    }
    put(golden, "delta_w_nonfast", delta);
    put(golden, "delta_w_fast", delta);
    put(golden, "delta_w_fastmid", delta);
    put(golden, "w_after", after);
  }

  private GoldenCopy inputs() {
    return new GoldenCopy().put("n33.x", images, BATCH, C, H, W).put("n33.w", w, N, C, KH, KW);
  }

  private void assertAllOk(int cases, GoldenCopy golden, String name) throws IOException {
    try (Backend cpu = Backend.cpu(2)) {
      List<CaseResult> results =
          Verification.verify(golden.write(folder.resolve(name + ".safetensors")), cpu);
      assertEquals(cases, results.size());
      assertTrue(results.stream().allMatch(r -> r.outcome() == Verdict.OK), results::toString);
    }
  }

  @Test
  void hpca() throws IOException {
    double[] delta = new double[N * S];
    for (int b = 0; b < B; b++) {
      double[] rest = x[b].clone();
      for (int n = 0; n < N; n++) {
        double y = Math.max(0, dot(b, n));
        for (int s = 0; s < S; s++) {
          rest[s] -= y * w[n * S + s];
          delta[n * S + s] += y * rest[s] / B;
        }
      }
    }
    GoldenCopy golden = inputs();
    put(golden, "s", maps(this::dot));
    for (String name : new String[] {"y", "r", "y_out"}) {
      put(golden, name, maps((b, n) -> Math.max(0, dot(b, n))));
    }
    putDelta(golden, delta);
    assertAllOk(1, golden, "layer_hpca_n33");
    assertAllOk(1, golden, "numbers");
  }

  @Test
  void softWta() throws IOException {
    double[][] s = new double[B][N];
    double[][] r = new double[B][N];
    double[] q = new double[N];
    for (int b = 0; b < B; b++) {
      double sum = 0;
      for (int n = 0; n < N; n++) {
        double cosine = dot(b, n) / (norm(x[b], 0, S) * norm(w, n * S, S));
        s[b][n] = (1 + cosine) / 2 * ((1 + cosine) / 2);
        r[b][n] = Math.exp(s[b][n] / 0.02);
        sum += r[b][n];
      }
      for (int n = 0; n < N; n++) {
        r[b][n] /= sum;
        q[n] += r[b][n];
      }
    }
    double[] delta = new double[N * S];
    for (int b = 0; b < B; b++) {
      for (int n = 0; n < N; n++) {
        for (int i = 0; i < S; i++) {
          int at = n * S + i;
          delta[at] += r[b][n] / q[n] * r[b][n] * (x[b][i] - w[at]);
        }
      }
    }
    GoldenCopy golden = inputs();
    put(golden, "s", maps((b, n) -> s[b][n]));
    put(golden, "r", maps((b, n) -> r[b][n]));
    put(golden, "c", maps((b, n) -> r[b][n] / q[n]));
    put(golden, "y_out", maps((b, n) -> Math.max(0, dot(b, n) / norm(w, n * S, S))));
    putDelta(golden, delta);
    assertAllOk(2, golden, "layer_swta_n33");
    assertAllOk(2, golden, "numbers");
  }

  /** The paper's auto-encoder has 256 latents on CIFAR-10; other files may have other numbers. */
  @Test
  void autoEncoderWithFewerLatents() throws IOException {
    int b = 4;
    int z = 192;
    double[] x = numbers(3, b * 3 * 32 * 32);
    double[] eps = numbers(4, b * z);
    PlainVae vae = new PlainVae(77, z);
    PlainVae.Pass train = vae.pass(x, eps, b, true);
    PlainVae.Pass eval = vae.pass(x, eps, b, false);
    GoldenCopy golden =
        new GoldenCopy()
            .putInteger("seed", 77)
            .put("x", x, b, 3, 32, 32)
            .put("eps", eps, b, z)
            .put("eval0.recon", eval.reconstruction(), b, 3, 32, 32)
            .put("eval0.mu", eval.mu(), b, z)
            .put("eval0.loss", new double[] {eval.losses()[2]}, 1)
            .put("mu", train.mu(), b, z)
            .put("logvar", train.logVariance(), b, z)
            .put("z", train.latents(), b, z)
            .put("recon", train.reconstruction(), b, 3, 32, 32)
            .put("bn5", train.features(), b, 4096)
            .put("loss_mse_kl_total", train.losses(), 1, 3);
    assertAllOk(2, golden, "vae_192");
  }
}
