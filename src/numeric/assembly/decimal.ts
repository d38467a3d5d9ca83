// AssemblyScript, compiled to WebAssembly; part of `json-rows.ts`. `../decimal-powers.ts` makes the powers.

/** Powers of ten that a double holds exactly, 10^0 to 10^22, stand first. */
const EXACT: i32 = 22;
/** Then come those that two numbers of 64 bits hold, from 10^-MOST to 10^MOST, the high one first. */
const MOST: i32 = 64;
const ROUNDED_AT: usize = 8 * 23;

/**
 * mantissa · 10^exponent, rounded once to the nearest double; −1 where that takes more than this. Two exact doubles have a
 * rightly rounded product or quotient (Clinger 1990); else the mantissa is multiplied by 128 bits of the power, and it shows
 * whether those after them could matter (Lemire, "Number parsing at a gigabyte per second", 2021).
 */
export function decimal(mantissa: u64, exponent: i32, powers: usize): f64 {
  if (mantissa <= (<u64>1) << 53 && exponent >= -EXACT && exponent <= EXACT) {
    const size = <f64>mantissa;
    return exponent < 0 ? size / load<f64>(powers - (exponent << 3)) : size * load<f64>(powers + (exponent << 3));
  }
  if (mantissa === 0) return 0;
  return exponent < -MOST || exponent > MOST
    ? -1
    : rounded(mantissa, exponent, powers + ROUNDED_AT + ((exponent + MOST) << 4));
}

function rounded(mantissa: u64, exponent: i32, power: usize): f64 {
  const leadingZeros = clz(mantissa);
  const scaled = mantissa << leadingZeros;
  let low = scaled * load<u64>(power);
  let high = highProduct(scaled, load<u64>(power));
  if ((high & 0x1ff) === 0x1ff) {
    const more = highProduct(scaled, load<u64>(power, 8));
    low += more;
    if (low < more) high++;
    if (low === ~(<u64>0)) return -1;
  }
  const upper = high >>> 63;
  let digits = high >>> (upper + 9); // 54 bits: those of the double, and one to round by
  let binaryExponent = ((217_706 * exponent) >> 16) + 63 + <i32>upper - <i32>leadingZeros + 1023;
  if (binaryExponent <= 0) return -1;
  const isHalfway =
    low <= 1 && exponent >= -4 && exponent <= 23 && (digits & 3) === 1 && digits << (upper + 9) === high;
  if (isHalfway) digits &= ~(<u64>1);
  digits = (digits + (digits & 1)) >>> 1;
  if (digits >= (<u64>1) << 53) {
    digits = (<u64>1) << 52;
    binaryExponent++;
  }
  return reinterpret<f64>((digits & ~((<u64>1) << 52)) | ((<u64>binaryExponent) << 52));
}

/** The upper 64 of the product's 128 bits. */
function highProduct(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >>> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >>> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 32);
  return aHigh * bHigh + (middle >>> 32) + ((aLow * bHigh + (middle & 0xffffffff)) >>> 32);
}
