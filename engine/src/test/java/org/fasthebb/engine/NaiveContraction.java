package org.fasthebb.engine;

/** Einstein summation as it is defined: one loop per letter, in float64. */
final class NaiveContraction {
  private final String letters;
  private final int[] sizes;
  private final int[][] strides;
  private final double[][] operands;

  private NaiveContraction(String a, String b, String out, Tensor x, Tensor y) {
    StringBuilder all = new StringBuilder(out);
    for (char c : (a + b).toCharArray()) {
      if (all.indexOf(String.valueOf(c)) < 0) {
        all.append(c);
      }
    }
    letters = all.toString();
    sizes = new int[letters.length()];
    for (int i = 0; i < sizes.length; i++) {
      int inA = a.indexOf(letters.charAt(i));
      int inB = b.indexOf(letters.charAt(i));
      int sizeA = inA < 0 ? 1 : x.size(inA);
      int sizeB = inB < 0 ? 1 : y.size(inB);
      sizes[i] = sizeA == 1 ? sizeB : sizeA;
    }
    int[] result = new int[out.length()];
    System.arraycopy(sizes, 0, result, 0, result.length);
    strides = new int[][] {strides(a, x.shape()), strides(b, y.shape()), strides(out, result)};
    operands =
        new double[][] {Tensors.doubles(x), Tensors.doubles(y), new double[Tensors.count(result)]};
  }

  /** For each of all letters its stride in a row-major operand; 0 if it is absent or stretched. */
  private int[] strides(String operand, int[] shape) {
    int[] found = new int[letters.length()];
    int stride = 1;
    for (int i = operand.length() - 1; i >= 0; i--) {
      found[letters.indexOf(operand.charAt(i))] = shape[i] == 1 ? 0 : stride;
      stride *= shape[i];
    }
    return found;
  }

  /** The elements of contract(spec, x, y) in row-major order. */
  static double[] of(String spec, Tensor x, Tensor y) {
    String[] parts = spec.split(",|->", -1);
    NaiveContraction naive = new NaiveContraction(parts[0], parts[1], parts[2], x, y);
    naive.loop(0, 0, 0, 0);
    return naive.operands[2];
  }

  private void loop(int letter, int a, int b, int out) {
    if (letter == sizes.length) {
      operands[2][out] += operands[0][a] * operands[1][b];
      return;
    }
    int aStep = strides[0][letter];
    int bStep = strides[1][letter];
    int step = strides[2][letter];
    if (letter == sizes.length - 1) { // the same as the loops below, without a call for each index
      if (step == 0) {
        double sum = operands[2][out];
        for (int i = 0; i < sizes[letter]; i++) {
          sum += operands[0][a + i * aStep] * operands[1][b + i * bStep];
        }
        operands[2][out] = sum;
        return;
      }
      for (int i = 0; i < sizes[letter]; i++) {
        operands[2][out + i * step] += operands[0][a + i * aStep] * operands[1][b + i * bStep];
      }
      return;
    }
    for (int i = 0; i < sizes[letter]; i++) {
      loop(letter + 1, a + i * aStep, b + i * bStep, out + i * step);
    }
  }
}
