import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createEgress } from '../../../core/egress/egress.ts';
import { EgressError } from '../../../core/egress/egress-error.ts';
import { judgeAddress } from '../../../core/egress/judge-address.ts';

/** URLs that must not lead to a connection; `{port}` is the listening port of a server on loopback. */
const urls = [
  'http://127.0.0.1:{port}/',
  'http://127.0.0.2:{port}/',
  'http://127.1:{port}/',
  'http://127.0.1:{port}/',
  'http://0x7f.0.0.1:{port}/',
  'http://0x7f000001:{port}/',
  'http://0X7F000001:{port}/',
  'http://2130706433:{port}/',
  'http://017700000001:{port}/',
  'http://0177.0.0.1:{port}/',
  'http://0177.0.0.01:{port}/',
  'http://127.0.0.1.:{port}/',
  'http://１２７.０.０.１:{port}/',
  'http://①②⑦.⓪.⓪.①:{port}/',
  'http://127。0。0。1:{port}/',
  'http://127%2e0%2e0%2e1:{port}/',
  'http://%31%32%37.0.0.1:{port}/',
  'http://0:{port}/',
  'http://0.0.0.0:{port}/',
  'http://[::]:{port}/',
  'http://[::1]:{port}/',
  'http://[0:0:0:0:0:0:0:1]:{port}/',
  'http://[::ffff:127.0.0.1]:{port}/',
  'http://[::ffff:7f00:1]:{port}/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/',
  'http://[::127.0.0.1]:{port}/',
  'http://[::7f00:1]:{port}/',
  'http://[64:ff9b::127.0.0.1]:{port}/',
  'http://[64:ff9b:1::7f00:1]:{port}/',
  'http://[2002:7f00:1::]:{port}/',
  'http://[2001:0:7f00:1::]:{port}/',
  'http://[fe80::1]:{port}/',
  'http://[fc00::1]:{port}/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://[ff02::1]:{port}/',
  'http://[100::1]:{port}/',
  'http://[3fff::1]:{port}/',
  'http://[2001:db8::1]:{port}/',
  'http://[2001:10::1]:{port}/',
  'http://[5f00::1]:{port}/',
  'http://169.254.169.254/latest/meta-data/',
  'http://169.254.169.254./computeMetadata/v1/',
  'http://0xa9fea9fe/',
  'http://2852039166/',
  'http://0251.0376.0251.0376/',
  'http://169.254.170.2/v2/credentials',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://168.63.129.16/machine',
  'http://100.100.100.200/latest/meta-data/',
  'http://192.0.0.192/latest/',
  'http://10.0.0.1/',
  'http://10.255.255.255/',
  'http://012.0.0.1/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.0.1/',
  'http://192.168.255.255/',
  'http://100.64.0.1/',
  'http://100.127.255.255/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://198.19.255.255/',
  'http://198.51.100.1/',
  'http://203.0.113.1/',
  'http://192.88.99.1/',
  'http://224.0.0.1/',
  'http://239.255.255.250:1900/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://user:password@127.0.0.1:{port}/',
  'http://example.com@127.0.0.1:{port}/',
  'http://user@example.com/',
  'http://127.0.0.1:{port}#@example.com/',
  'http://127.0.0.1:{port}\\@example.com/',
  'http:\\\\127.0.0.1:{port}\\',
  'http:127.0.0.1:{port}',
  'http:////127.0.0.1:{port}/',
  ' http://127.0.0.1:{port}/',
  'ht\ntp://127.0.0.1:{port}/',
  'http://127.0.0.1:{port}\t/',
  'https://127.0.0.1:{port}/',
  'HTTP://127.0.0.1:{port}/',
  'file:///etc/passwd',
  'ftp://127.0.0.1:{port}/',
  'gopher://127.0.0.1:{port}/_GET',
  'data:text/plain,hello',
  'blob:http://127.0.0.1:{port}/x',
  'javascript:fetch("/")',
  'ws://127.0.0.1:{port}/',
  'unix:/var/run/docker.sock',
  'http+unix://%2Fvar%2Frun%2Fdocker.sock/',
  '//127.0.0.1:{port}/',
  '/relative',
  '',
  'http://',
  'http://:80/',
  'http://example.com:0/',
  'http://example.com:99999/',
  'http://[::1%25lo]:{port}/',
  'http://[fe80::1%25eth0]:{port}/',
  'http://1.2.3.4.5/',
  'http://256.256.256.256/',
  'http://127.0.0.1 .example.com/',
];

/** What a name that the attacker owns may resolve to; every row must be refused before a connection. */
const answers: string[][] = [
  ['127.0.0.1'],
  ['127.255.255.254'],
  ['0.0.0.0'],
  ['10.1.2.3'],
  ['172.20.0.1'],
  ['192.168.1.1'],
  ['169.254.169.254'],
  ['169.254.170.2'],
  ['168.63.129.16'],
  ['100.64.1.1'],
  ['100.100.100.200'],
  ['192.0.0.8'],
  ['192.0.0.170'],
  ['192.31.196.1'],
  ['192.52.193.1'],
  ['192.175.48.1'],
  ['198.18.5.5'],
  ['224.0.0.251'],
  ['255.255.255.255'],
  ['::'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['::ffff:10.0.0.1'],
  ['::ffff:0:127.0.0.1'],
  ['::10.0.0.1'],
  ['64:ff9b::a00:1'],
  ['64:ff9b:1::1'],
  ['100::1'],
  ['2001::1'],
  ['2001:2::1'],
  ['2001:10::1'],
  ['2001:20::1'],
  ['2001:db8::1'],
  ['2002:a00:1::'],
  ['2002:7f00:1::1'],
  ['2620:4f:8000::1'],
  ['3fff:1::1'],
  ['4000::1'],
  ['fc00::1'],
  ['fd12:3456::1'],
  ['fd00:ec2::254'],
  ['fe80::1'],
  ['fe80::1%eth0'],
  ['fec0::1'],
  ['ff02::1'],
  ['93.184.216.34', '127.0.0.1'],
  ['127.0.0.1', '93.184.216.34'],
  ['93.184.216.34', '::1'],
  ['2606:2800:220:1::1', 'fe80::1'],
  ['not an address'],
  [''],
  [],
];

/** Addresses on both sides of each border, so that a block is neither too small nor too large. */
const open = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '140.82.112.5',
  '168.63.129.15',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2001:200::1',
  '2400:cb00::1',
  '2606:4700:4700::1111',
  '2a00:1450::1',
];

describe('The way out', () => {
  let server: Server;
  let port: number;
  let connections = 0;

  before(async () => {
    server = createServer((_, response) => response.end('inside'));
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  after(() => server.close());

  const refusal = async (work: Promise<unknown>): Promise<EgressError> => {
    try {
      await work;
    } catch (error) {
      expect(error).to.be.instanceOf(EgressError);
      return error as EgressError;
    }
    throw new Error('it was let through');
  };

  it('has a table of at least 150 URLs and DNS answers', () => {
    expect(urls.length + answers.length).to.be.at.least(150);
  });

  for (const [index, template] of urls.entries()) {
    it(`refuses the URL ${JSON.stringify(template)} (${index})`, async () => {
      // A name that slips through the parser would resolve to loopback, and be seen by the server.
      const egress = createEgress({ allow: [], resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
      const error = await refusal(egress({ url: template.replace('{port}', String(port)), timeout_ms: 2000 }));
      expect(error.code).to.be.oneOf(['address_refused', 'bad_url']);
      expect(connections).to.equal(0);
    });
  }

  for (const found of answers) {
    it(`refuses a name that resolves to ${JSON.stringify(found)}`, async () => {
      const egress = createEgress({
        allow: [],
        resolve: async () => found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      });
      const error = await refusal(egress({ url: `http://rebind.example:${port}/`, timeout_ms: 2000 }));
      expect(error.code).to.be.oneOf(['address_refused', 'dns_failed']);
      expect(connections).to.equal(0);
    });
  }

  for (const address of open) {
    it(`has no objection to ${address}`, () => {
      expect(judgeAddress(address)).to.equal(null);
    });
  }

  it('reaches an address inside only when the operator opened it and the caller may use it', async () => {
    const egress = createEgress({ allow: ['127.0.0.0/8'] });
    const before = connections;
    const error = await refusal(egress({ url: `http://127.0.0.1:${port}/`, allow_private: false }));
    expect(error.code).to.equal('address_refused');
    expect(connections).to.equal(before);
    const answer = await egress({ url: `http://127.0.0.1:${port}/` });
    expect(answer.body.toString()).to.equal('inside');
    expect(answer.address).to.equal('127.0.0.1');
    expect(connections).to.equal(before + 1);
  });

  it('judges each redirect again', async () => {
    const hops = createServer((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    await new Promise<void>((done) => hops.listen(0, '127.0.0.3', done));
    const at = (hops.address() as AddressInfo).port;
    const egress = createEgress({ allow: ['127.0.0.3/32'] });
    const error = await refusal(egress({ url: `http://127.0.0.3:${at}/`, on_hop: (hop) => hop }));
    hops.close();
    expect(error.code).to.equal('address_refused');
    expect(error.address).to.equal('127.0.0.1');
  });
});
