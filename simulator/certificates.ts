import './reflect-metadata.ts';
import type { webcrypto } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { writeAtomically } from './persistence.ts';

/** What an HTTPS server on loopback needs, and the file with the CA its clients must trust (PEM). */
export interface Certificates {
  caFile: string;
  ca: string;
  cert: string;
  key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;
const CA_DAYS = 3650;
const LEAF_DAYS = 397;
const RENEW_BEFORE = 30 * DAY;

/** Makes the CA and the leaf for localhost once into `dataDir`; later calls read them back. Real time decides, as TLS clients do. */
export async function ensureCertificates(dataDir: string): Promise<Certificates> {
  const file = (name: string) => join(dataDir, name);
  const files = { ca: file('ca.pem'), caKey: file('ca-key.pem'), cert: file('localhost.pem'), key: file('localhost-key.pem') };
  if (!usable(files.ca) || !existsSync(files.caKey)) await makeAuthority(files);
  else if (usable(files.cert) && existsSync(files.key)) return read(files);
  await makeLeaf(files);
  return read(files);
}

interface Files {
  ca: string;
  caKey: string;
  cert: string;
  key: string;
}

function read(files: Files): Certificates {
  return {
    caFile: files.ca,
    ca: readFileSync(files.ca, 'utf8'),
    cert: readFileSync(files.cert, 'utf8'),
    key: readFileSync(files.key, 'utf8'),
  };
}

function usable(path: string): boolean {
  return existsSync(path) && new X509Certificate(readFileSync(path, 'utf8')).notAfter.getTime() - Date.now() > RENEW_BEFORE;
}

async function makeAuthority(files: Files): Promise<void> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Greenlight rehearsal CA',
    ...validity(CA_DAYS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  writeAtomically(files.ca, certificate.toString('pem'));
  await writeKey(files.caKey, keys.privateKey);
}

async function makeLeaf(files: Files): Promise<void> {
  const authority = new X509Certificate(readFileSync(files.ca, 'utf8'));
  const caKey = PemConverter.decodeFirst(readFileSync(files.caKey, 'utf8'));
  const signingKey = await crypto.subtle.importKey('pkcs8', caKey, ALGORITHM, false, ['sign']);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=localhost',
    issuer: authority.subject,
    ...validity(LEAF_DAYS),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  writeAtomically(files.cert, certificate.toString('pem'));
  await writeKey(files.key, keys.privateKey);
}

async function writeKey(path: string, key: webcrypto.CryptoKey): Promise<void> {
  writeAtomically(path, PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY'));
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY), notAfter: new Date(now + days * DAY) };
}
