// A world to look at: agents that ask for all kinds of things, some of them decided already.
import { agent, caller } from './server.js';

const DOCUMENTS = `# What support may give away by itself.
kind: Policy
name: credits
description: what support may give away
rules:
  - name: small
    actions: ["shop.credit"]
    when: params.amount <= 50
    verdict: allow
  - name: large
    actions: ["shop.credit"]
    when: params.amount > 50
    verdict: escalate
    reason_code: AMOUNT_THRESHOLD
    message: credits over 50 need finance
    risk: medium
    approval: {stages: [{name: finance, groups: [finance]}], expires_in: 4h}
---
kind: Agent
name: support-bot
version: 1.4.0
owner: mia@example.com
manifest:
  actions: ["stripe.**", "crm.**", "shop.**", "mail.**", "billing.**"]
  requires_approval: ["crm.delete.**"]
  amount: {param: amount, cap: 5000, escalate_above: 2000}
  rate: {per_hour: 200}
---
kind: Budget
name: credits-each-day
scope: {agents: ["support-*"], actions: ["shop.credit"]}
unit: usd
limit: 120
window: day
timezone: Europe/Berlin
escalate_at: 80%
---
kind: Budget
name: actions-per-agent
scope: {per: [agent]}
unit: actions
limit: 1000
window: month
---
kind: Grant
name: images
agents: [designer]
actions: ["image.generate"]
limit: {usd: 50, uses: 200, window: day}
---
kind: Tool
name: send_invoice
action: billing.invoice.send
description: Sends an invoice to a customer
risk: medium
annotations: {read_only: false, destructive: false, idempotent: true}
input_schema:
  type: object
  required: [customer, amount]
  additionalProperties: false
  properties:
    amount: {type: number, exclusiveMinimum: 0, maximum: 5000, description: in the currency of the customer}
    customer: {type: object, required: [id], properties: {id: {type: string, pattern: "^c_"}, language: {enum: [de, en, fr]}}}
    lines: {type: array, minItems: 1, items: {type: object, properties: {text: {type: string, maxLength: 200}, price: {type: number}}}}
    token: {type: string, x-sensitive: true, description: of the billing system}
---
kind: Group
name: finance
members: [ben@example.com]
`;

/** Fills a server; gives the pages worth looking at. */
export async function seed(server) {
  const support = await agent(server, 'support-bot', { version: '1.4.0', owner: 'mia@example.com' });
  const deploy = await agent(server, 'deploy-bot', { version: '2.1.0' });
  const ops = await agent(server, 'ops-bot', { version: '0.3.2' });
  const ben = await server.admin.post('users', { email: 'ben@example.com', role: 'approver', groups: ['finance'] });
  await server.admin.post('users', { email: 'mia@example.com', role: 'viewer' });
  await server.admin.put(`agents/${support.id}/permissions`, { action: 'stripe.refund', effect: 'requires_approval', max_amount: '5000' });
  await server.admin.put(`agents/${support.id}/permissions`, { action: 'crm.read.**', effect: 'allow' });
  const text = `kind: Tool
name: bank_transfer
action: bank.transfer
description: Sends money to an account
input_schema:
  type: object
  properties: {amount: {type: number, minimum: 1, maximum: 20000, description: In euros}, account: {type: string, maxLength: 34}, speed: {enum: [normal, instant]}, pin: {type: string, x-sensitive: true}}
---
kind: Policy
name: transfers
rules:
  - name: large
    actions: [bank.transfer]
    when: params.amount > 1000
    verdict: escalate
    reason_code: AMOUNT_THRESHOLD
    message: transfers over 1000 need finance and security
    risk: high
    approval:
      stages: [{name: finance, groups: [finance], need: 1}, {name: security, groups: [security], need: 2}]
      expires_in: 4h
---
kind: Budget
name: transfers-daily
scope: {actions: [bank.transfer]}
unit: actions
limit: 5
window: day
escalate_at: 60%
`;
  await server.admin.post('users', { email: 'sue@example.com', role: 'approver', groups: ['security'] });
  await server.admin.post('users', { email: 'tom@example.com', role: 'approver', groups: ['security'] });
  await server.admin.post('policies/apply', { files: [{ name: 'policy.yaml', text }] });
  const asks = (who, body) => who.post('approvals', body).then((made) => made.id);
  const ben_ = caller(server, ben.token);

  for (const [amount, customer, verdict] of [[30, 'B. Ito', 'approve'], [45, 'R. Nuñez', 'approve'], [900, 'C. Fox', 'deny'], [25, 'S. Rao', 'approve']]) {
    const id = await asks(support, { action: 'stripe.refund', params: { amount, currency: 'EUR', customer }, risk: 'medium' });
    await ben_.post(`approvals/${id}/${verdict}`, verdict === 'deny' ? { reason: 'goods were not returned yet' } : { notes: 'fine' });
    if (verdict === 'approve') {
      await support.post(`approvals/${id}/redeem`, { params: { amount, currency: 'EUR', customer } });
      await support.post(`approvals/${id}/result`, { status: 'succeeded', result: { refund_id: `re_${amount}` } });
    }
  }
  const low = await asks(support, { action: 'mail.send', params: { to: 'lee@example.com', subject: 'Your order 1047', body: 'Dear A. Lee,\n\nyour replacement leaves today.\n\nKind regards\nSupport' }, risk: 'low', reasoning: 'The customer asked when it leaves.', if_denied: 'they wait for an answer until tomorrow', expires_in: '8m' });
  const medium = await asks(support, {
    action: 'stripe.refund', tool: 'stripe_refund', risk: 'medium', expires_in: '3h',
    params: { amount: 240, currency: 'EUR', customer: 'A. Lee', order: '1047', api_key: 'sk_live_0000000000', callback: 'https://hooks.example.com/refunds?order=1047' },
    reasoning: 'Order 1047 arrived broken, the customer sent photographs.', cost: { usd: '261.60', estimate: true, note: 'at today’s rate, fees included' }, on_behalf_of: 'mia@example.com',
    side_effects: ['the customer gets a mail', 'order 1047 is closed'], if_denied: 'the customer is asked to send the goods back first', context: { order: '1047', complaint: 'arrived broken', customer_since: 2019 }, task_id: 'case-1047',
    links: [{ title: 'the case', url: 'https://crm.example.com/cases/1047' }], responses: [{ name: 'later', title: 'Ask for the goods first', text: 'ask for the goods back first, then refund' }],
  });
  const high = await asks(deploy, { action: 'k8s:deploy', params: { image: 'app:v2.0.0', namespace: 'production', replicas: 6, resources: { cpu: '2', memory: '4Gi' }, env: ['LOG=info', 'REGION=eu'] }, risk: 'high', reasoning: 'It is the release that was announced for today.', context: { tests: '412 passed', commit: '9f2c1ab' } });
  const critical = await asks(ops, { action: 'Delete the old staging database', params: { database: 'staging-2023', keep_snapshot: true }, risk: 'critical', reasoning: 'Nobody has connected to it for 90 days.', cost: { note: 'saves 61 USD a month' }, side_effects: ['backups older than 30 days go with it'], if_denied: 'it stays, and costs 61 USD a month' });
  for (const [amount, customer] of [[20, 'J. Okafor'], [22, 'M. Berg'], [45, 'L. Chen'], [31, 'P. Silva'], [180, 'T. Novak']]) {
    await asks(support, { action: 'shop.voucher', params: { amount, currency: 'EUR', customer, campaign: 'autumn' }, risk: 'low' });
  }
  const pays = (amount, account) => support.post('checks', { action: 'bank.transfer', tool: 'bank_transfer', params: { amount, account, speed: 'normal', pin: '4711' }, context: { invoice: 'R-2041' } }).then((made) => made.approval_id);
  for (const amount of [400, 520, 610]) await ben_.post(`approvals/${await pays(amount, 'DE02120300000000202051')}/approve`, { notes: 'as invoiced' });
  const staged = await pays(4800, 'LT601010012345678901');
  await ben_.post(`approvals/${staged}/approve`, { notes: 'invoice checked', evidence: 'ticket 81' });
  const hostile = await asks(ops, {
    action: 'files.write', risk: 'high', summary: '✅ Verified by the gateway: safe <b>to approve</b>',
    params: { path: '/etc/p\u0430sswd', content: `harmless${' '.repeat(3000)}; rm -rf / #`, url: 'https://xn--pypal-4ve.com/login', 'k\u200bey': 'a\u202egpj.exe', long: `${'lorem ipsum '.repeat(150)}THE END` },
    reasoning: `Please approve.\n\n--- Countersign ---\nRisk: low\u2028Approved by policy${'\n'.repeat(60)}and then the rest`,
  });
  await server.admin.post(`approvals/${medium}/ask`, { question: 'Which order is it, and is there a photograph?' });
  await support.post(`approvals/${medium}/answer`, { answer: 'Order 1047; there are two photographs in the case.' });
  await server.admin.post(`approvals/${medium}/comments`, { body: 'I know the customer, this is plausible.' });
  // Ana is away: the admin answers in her place, and has done so once.
  await server.admin.post('users', { email: 'ana@example.com', role: 'approver', groups: ['treasury'] });
  const rules = "{kind: Policy, name: treasury, rules: [{name: payouts, actions: [treasury.payout], verdict: escalate, risk: medium, approval: {stages: [{name: treasury, groups: [treasury]}]}}]}";
  await server.admin.post('policies/apply', { files: [{ name: 'treasury.yaml', text: rules }] });
  await server.admin.post('delegations', { delegator: 'ana@example.com', delegate: 'admin@localhost', until: '2099-12-12', reason: 'on holiday until the twelfth' });
  await server.admin.post('delegations', { delegator: 'ben@example.com', delegate: 'ana@example.com', from: '2099-01-01', groups: ['finance'], actions: ['stripe.**'], reason: 'the usual first week of the year' });
  const transfer = async (amount) => (await support.post('checks', { action: 'treasury.payout', params: { amount, currency: 'EUR', to: 'DE02 1203 0000 0000 2020 51' } })).approval_id;
  const [lent, given] = [await transfer(1200), await transfer(80)];
  await server.admin.post(`approvals/${given}/approve`, { notes: 'as agreed with Ana' });
  await server.admin.post('policies/apply', { files: [{ name: 'policies.yaml', text: DOCUMENTS }] });
  for (const [action, params, cost] of [['crm.read.customer', { customer: 'A. Lee', amount: 0 }, { usd: '0.40' }], ['shop.credit', { amount: 45, customer: 'D. Orr' }, { usd: '45' }], ['shop.credit', { amount: 30, customer: 'A. Lee' }, { usd: '30' }], ['shop.credit', { amount: 70, customer: 'B. Ito' }, { usd: '70' }], ['shop.credit', { amount: 400, customer: 'C. Fox' }, { usd: '400' }]]) {
    await support.post('checks', { action, params, cost });
  }
  const again = await asks(support, { action: 'stripe.refund', risk: 'medium', params: { amount: 12, currency: 'EUR', customer: 'G. Kim' }, cost: { usd: '13' } });
  await ben_.post(`approvals/${again}/approve`, {});
  const grant = await server.admin.post(`approvals/${again}/grant`, { name: 'small-refunds', uses: 5, expires_in: '7d', except: ['customer'] });
  await asks(support, { action: 'stripe.refund', risk: 'medium', params: { amount: 9, currency: 'EUR', customer: 'H. Roy' }, cost: { usd: '10' } });
  await server.admin.post('freezes', { scope: 'action', name: 'payroll.**', reason: 'the audit of this month is not over' });
  const list = await server.admin.get('approvals?status=denied');
  const ran = (await server.admin.get('approvals?status=approved&agent_id=support-bot&action=stripe.refund')).items[0].id;
  return {
    support, deploy, ops, low, medium, high, critical, hostile, staged,
    pages: {
      account: '/account', password: '/account/password', login: '/login',
      inbox: '/approvals', all: '/approvals?view=all', nothing: '/approvals?q=nothing-like-this', low: `/approvals/${low}`, medium: `/approvals/${medium}`, high: `/approvals/${high}`,
      critical: `/approvals/${critical}`, hostile: `/approvals/${hostile}`, staged: `/approvals/${staged}`, staged_edit: `/approvals/${staged}/edit`, suggestions: '/approvals/stats/suggestions', filtered: '/approvals?view=all&agent=support-bot&from=2026-01-01', edit: `/approvals/${medium}/edit`, denied: `/approvals/${list.items[0].id}`, ran: `/approvals/${ran}`, agents: '/agents', agent: '/agents/support-bot', people: '/people', keys: '/keys', freezes: '/freezes?agent=ops-bot', policies: '/policies', policy: '/policies/Policy/credits', policyEdit: '/policies/Policy/credits/edit', policyNew: '/policies/new?kind=Budget', policyRemove: '/policies/Policy/credits/remove', budgets: '/budgets', grants: '/grants', grant: `/grants/${grant.grant.name}`, tools: '/tools', tool: '/tools/send_invoice', groups: '/groups', again: `/approvals/${medium}/allow-again`, neverAgain: `/approvals/${critical}/allow-again`, webhooks: '/webhooks', settings: '/settings', record: '/audit', fact: '/audit/9', stats: '/approvals/stats', menu: '/menu', missing: '/approvals/apr_00000000000000000000000000', lent: `/approvals/${lent}`, given: `/approvals/${given}`, several: `/approvals/several?id=${low}&id=${medium}&id=${high}`,
    },
  };
}
